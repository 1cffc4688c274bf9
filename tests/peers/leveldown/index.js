"use strict";

// bcoin asks for this module even when its databases live in memory. The real one has to be
// compiled and does not compile with the Node.js of today.
module.exports = class LevelDOWN {
    constructor() {
        throw new Error("this node keeps its databases in memory only");
    }
};
