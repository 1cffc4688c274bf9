# Libraries of the system, one imported target each. Configuring downloads nothing.

find_package(PkgConfig REQUIRED)
pkg_check_modules(crypto REQUIRED IMPORTED_TARGET libcrypto>=3.0)
pkg_check_modules(sodium REQUIRED IMPORTED_TARGET libsodium>=1.0.18)
pkg_check_modules(secp256k1 REQUIRED IMPORTED_TARGET libsecp256k1>=0.2.0)
pkg_check_modules(sqlite3 REQUIRED IMPORTED_TARGET sqlite3>=3.40)
pkg_check_modules(utf8proc REQUIRED IMPORTED_TARGET libutf8proc>=2.6)
pkg_check_modules(qrencode REQUIRED IMPORTED_TARGET libqrencode>=4.1)
pkg_check_modules(zlib REQUIRED IMPORTED_TARGET zlib>=1.2.13)
pkg_check_modules(curl REQUIRED IMPORTED_TARGET libcurl>=7.88)
find_package(Threads REQUIRED)
