// The eight characters after '#' of an output descriptor (BIP-380).

const input_characters =
    "0123456789()[],'/*abcdefgh@:$%{}IJKLMNOPQRSTUVWXYZ&+-.;<=>?!^_|~ijklmnopqrstuvwxyzABCDEFGH`#\"\\ ";
const checksum_characters = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const generator = [0xf5dee51989n, 0xa9fdca3312n, 0x1bab10e32dn, 0x3706b1677an, 0x644d626ffdn];

function polymod(checksum, value) {
    const top = checksum >> 35n;
    let next = ((checksum & 0x7ffffffffn) << 5n) ^ BigInt(value);
    generator.forEach((word, bit) => {
        if ((top >> BigInt(bit)) & 1n) next ^= word;
    });
    return next;
}

export function descriptor_checksum(text) {
    let checksum = 1n;
    let group = 0;
    let count = 0;
    for (const character of text) {
        const position = input_characters.indexOf(character);
        if (position < 0) throw new Error(`Invalid character in descriptor: ${character}`);
        checksum = polymod(checksum, position & 31);
        group = group * 3 + (position >> 5);
        if (++count === 3) {
            checksum = polymod(checksum, group);
            group = 0;
            count = 0;
        }
    }
    if (count > 0) checksum = polymod(checksum, group);
    for (let i = 0; i < 8; ++i) checksum = polymod(checksum, 0);
    checksum ^= 1n;
    const shifts = [35n, 30n, 25n, 20n, 15n, 10n, 5n, 0n];
    return shifts.map((shift) => checksum_characters[Number((checksum >> shift) & 31n)]).join("");
}

export function with_checksum(text) {
    return `${text}#${descriptor_checksum(text)}`;
}
