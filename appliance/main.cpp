#include "appliance/guard/confinement.h"
#include "appliance/program.h"
#include "core/console/passphrase.h"
#include "core/console/real_environment.h"

int main(int argc, char** argv)
{
    const auto args = coffer::console::arguments_of(argc, argv);
    coffer::appliance::confine(coffer::console::secret_descriptors(args));
    coffer::console::RealEnvironment real;
    return coffer::appliance::run(real.environment(), args, coffer::appliance::real_parts());
}
