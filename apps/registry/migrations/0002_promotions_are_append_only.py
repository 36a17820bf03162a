from django.db import migrations

FORBID = """
CREATE FUNCTION registry_promotion_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'promotions are never changed or deleted' USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER registry_promotion_append_only BEFORE UPDATE OR DELETE ON registry_promotion
    FOR EACH ROW EXECUTE FUNCTION registry_promotion_is_append_only();
"""
ALLOW = """
DROP TRIGGER registry_promotion_append_only ON registry_promotion;
DROP FUNCTION registry_promotion_is_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_initial")]

    operations = [migrations.RunSQL(FORBID, ALLOW)]
