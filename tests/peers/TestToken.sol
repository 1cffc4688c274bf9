// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.20;

/// A plain ERC-20 (EIP-20) with 6 decimals. The deployer holds the whole supply.
contract TestToken {
    string public constant name = "Test Dollar";
    string public constant symbol = "TUSD";
    uint8 public constant decimals = 6;
    uint256 public immutable totalSupply;
    mapping(address => uint256) public balanceOf;
    mapping(address => mapping(address => uint256)) public allowance;

    event Transfer(address indexed from, address indexed to, uint256 value);
    event Approval(address indexed owner, address indexed spender, uint256 value);

    error InsufficientBalance(address owner, uint256 has, uint256 needs);
    error InsufficientAllowance(address owner, address spender, uint256 has, uint256 needs);

    constructor(uint256 supply) {
        totalSupply = supply;
        balanceOf[msg.sender] = supply;
        emit Transfer(address(0), msg.sender, supply);
    }

    function transfer(address to, uint256 value) external returns (bool) {
        _move(msg.sender, to, value);
        return true;
    }

    function approve(address spender, uint256 value) external returns (bool) {
        allowance[msg.sender][spender] = value;
        emit Approval(msg.sender, spender, value);
        return true;
    }

    function transferFrom(address from, address to, uint256 value) external returns (bool) {
        uint256 has = allowance[from][msg.sender];
        if (has < value) revert InsufficientAllowance(from, msg.sender, has, value);
        allowance[from][msg.sender] = has - value;
        _move(from, to, value);
        return true;
    }

    function _move(address from, address to, uint256 value) private {
        uint256 has = balanceOf[from];
        if (has < value) revert InsufficientBalance(from, has, value);
        unchecked {
            balanceOf[from] = has - value;
            balanceOf[to] += value;
        }
        emit Transfer(from, to, value);
    }
}

/// Looks like a token in which everybody is rich, but every transfer of it reverts. While
/// `open` it lets transfers through, so that a gas estimate succeeds before a transaction
/// that is mined later reverts.
contract RevertingToken {
    string public constant name = "Reverting Dollar";
    string public constant symbol = "RUSD";
    uint8 public constant decimals = 6;
    uint256 public constant totalSupply = type(uint256).max;
    bool public open;

    event Transfer(address indexed from, address indexed to, uint256 value);

    error TransfersAreClosed();

    function setOpen(bool value) external {
        open = value;
    }

    function balanceOf(address) external pure returns (uint256) {
        return 1_000_000_000_000;
    }

    function transfer(address to, uint256 value) external returns (bool) {
        if (!open) revert TransfersAreClosed();
        emit Transfer(msg.sender, to, value);
        return true;
    }
}
