-- When this home's clock ended a request whose time was over: a clock that ran ahead and was set back has ended it all the same.
ALTER TABLE requests ADD COLUMN expired_at INTEGER;

UPDATE requests SET expired_at = expires_at WHERE status = 'expired';
