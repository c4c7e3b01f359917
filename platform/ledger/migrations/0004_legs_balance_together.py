"""The legs of an entry are written in one statement, and must balance in it.

Looked at leg by leg as a transaction ends, the twenty thousand entries of a large round take
seconds. Legs that come together are added up together; as legs are only ever added, an entry
whose legs balance in each statement balances. What an entry itself still has to prove at the end
is that it has any: none is nothing, two of them at least move money that balances.
"""

from typing import ClassVar

from django.db import migrations

TOGETHER = """
CREATE FUNCTION ledger_legs_balance() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    off record;
BEGIN
    SELECT entry_id, currency, sum(amount_minor) AS total INTO off
        FROM legs GROUP BY entry_id, currency HAVING sum(amount_minor) <> 0 LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'journal entry % is off by % in %', off.entry_id, off.total, off.currency
            USING ERRCODE = 'check_violation', CONSTRAINT = 'an_entry_balances_in_each_currency';
    END IF;
    -- Each account by its key: a plan for a few legs must do for very many.
    SELECT entry_id INTO off FROM legs AS leg WHERE leg.currency IS DISTINCT FROM (
        SELECT account.currency FROM ledger_account AS account WHERE account.id = leg.account_id
    ) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'journal entry % has a leg in another currency than its account', off.entry_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'a_leg_is_in_its_accounts_currency';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION ledger_entry_has_legs() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM ledger_journalline WHERE entry_id = NEW.id) THEN
        RAISE EXCEPTION 'journal entry % has fewer than two legs', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'an_entry_has_two_legs';
    END IF;
    RETURN NULL;
END $$;

DROP TRIGGER an_entry_has_legs ON ledger_journalentry;
DROP TRIGGER an_entry_balances ON ledger_journalline;
CREATE TRIGGER an_entry_balances AFTER INSERT ON ledger_journalline
    REFERENCING NEW TABLE AS legs FOR EACH STATEMENT EXECUTE FUNCTION ledger_legs_balance();
-- The application changes no leg; whoever owns the table is held to the same.
CREATE CONSTRAINT TRIGGER a_changed_entry_balances AFTER UPDATE ON ledger_journalline
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_entry_balances();
CREATE CONSTRAINT TRIGGER an_entry_has_legs AFTER INSERT ON ledger_journalentry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_entry_has_legs();
"""

BACK = """
DROP TRIGGER an_entry_has_legs ON ledger_journalentry;
DROP TRIGGER a_changed_entry_balances ON ledger_journalline;
DROP TRIGGER an_entry_balances ON ledger_journalline;
DROP FUNCTION ledger_entry_has_legs();
DROP FUNCTION ledger_legs_balance();
CREATE CONSTRAINT TRIGGER an_entry_balances AFTER INSERT OR UPDATE ON ledger_journalline
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_entry_balances();
CREATE CONSTRAINT TRIGGER an_entry_has_legs AFTER INSERT ON ledger_journalentry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_entry_balances();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("ledger", "0003_owners_in_history")]

    operations: ClassVar = [migrations.RunSQL(TOGETHER, BACK)]
