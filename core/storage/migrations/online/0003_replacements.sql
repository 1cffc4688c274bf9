-- A replacement takes the slots of what it replaces, which then holds them no more and would again if the replacement
-- ended unsigned: released is 0 for held, 1 for free, 2 for taken by a replacement.
CREATE INDEX slots_by_request ON slots (request_id, released);

-- The highest change index of a payload: the next change address is one that no request has used.
ALTER TABLE payloads ADD COLUMN change_index INTEGER;
