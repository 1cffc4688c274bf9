#include "cli/program.h"
#include "core/console/real_environment.h"

int main(int argc, char** argv)
{
    coffer::console::RealEnvironment real;
    return coffer::cli::run(real.environment(), coffer::console::arguments_of(argc, argv));
}
