"""Facts are only ever added, and the database itself refuses an entry that does not balance.

Deferred to the commit, because an entry's legs come in one after the other. The function
runs as its owner: a wall between companies must not make it see only part of an entry.
"""

from typing import ClassVar

from django.db import migrations

from core.history import walled
from core.walls import insert_only

FUNCTION = """
CREATE FUNCTION ledger_entry_balances() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    entry bigint;
    off record;
BEGIN
    IF TG_TABLE_NAME = 'ledger_journalentry' THEN
        entry := NEW.id;
    ELSE
        entry := NEW.entry_id;
    END IF;
    IF (SELECT count(*) FROM ledger_journalline WHERE entry_id = entry) < 2 THEN
        RAISE EXCEPTION 'journal entry % has fewer than two legs', entry
            USING ERRCODE = 'check_violation', CONSTRAINT = 'an_entry_has_two_legs';
    END IF;
    SELECT currency, sum(amount_minor) AS total INTO off
        FROM ledger_journalline WHERE entry_id = entry
        GROUP BY currency HAVING sum(amount_minor) <> 0 LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'journal entry % is off by % in %', entry, off.total, off.currency
            USING ERRCODE = 'check_violation', CONSTRAINT = 'an_entry_balances_in_each_currency';
    END IF;
    IF EXISTS (
        SELECT 1 FROM ledger_journalline line JOIN ledger_account account
        ON account.id = line.account_id
        WHERE line.entry_id = entry AND line.currency <> account.currency
    ) THEN
        RAISE EXCEPTION 'journal entry % has a leg in another currency than its account', entry
            USING ERRCODE = 'check_violation', CONSTRAINT = 'a_leg_is_in_its_accounts_currency';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER an_entry_balances AFTER INSERT OR UPDATE ON ledger_journalline
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_entry_balances();
CREATE CONSTRAINT TRIGGER an_entry_has_legs AFTER INSERT ON ledger_journalentry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_entry_balances();
"""

BACK = """
DROP TRIGGER an_entry_has_legs ON ledger_journalentry;
DROP TRIGGER an_entry_balances ON ledger_journalline;
DROP FUNCTION ledger_entry_balances();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("ledger", "0001_initial")]

    operations: ClassVar = [
        walled("ledger_accountevent"),
        insert_only("ledger_journalentry"),
        insert_only("ledger_journalline"),
        # What an account is does not change under the legs that stand on it.
        insert_only("ledger_account"),
        migrations.RunSQL(FUNCTION, BACK),
    ]
