-- What the migrations make of an empty database, printed from the catalogue by
-- test/schema/catalogue.spec.ts and compared there. To read and to review, not to run.

-- tables and columns
TABLE assay.access_grant OWNER assay_owner
  grant_id uuid NOT NULL
  org_id uuid NOT NULL
  principal_id uuid NOT NULL
  access_role text NOT NULL
  granted_at timestamp with time zone NOT NULL
  granted_by uuid
  entry_key bytea NOT NULL
TABLE assay.migration OWNER assay_owner
  id integer NOT NULL DEFAULT nextval('assay.migration_id_seq'::regclass)
  timestamp bigint NOT NULL
  name character varying NOT NULL
TABLE assay.organisation OWNER assay_owner
  org_id uuid NOT NULL
  slug text NOT NULL
  name text NOT NULL
  time_zone text NOT NULL
  locale text NOT NULL
  created_at timestamp with time zone NOT NULL
  entry_key bytea NOT NULL
TABLE assay.principal OWNER assay_owner
  principal_id uuid NOT NULL
  org_id uuid NOT NULL
  kind text NOT NULL
  issuer text NOT NULL
  subject text NOT NULL
  display_name text NOT NULL
  created_at timestamp with time zone NOT NULL
  entry_key bytea NOT NULL
TABLE assay.project OWNER assay_owner
  project_id uuid NOT NULL
  org_id uuid NOT NULL
  slug text NOT NULL
  name text NOT NULL
  created_at timestamp with time zone NOT NULL
  entry_key bytea NOT NULL

-- constraints
assay.access_grant CONSTRAINT access_grant_org_fk FOREIGN KEY (org_id) REFERENCES assay.organisation(org_id)
assay.access_grant CONSTRAINT access_grant_pk PRIMARY KEY (grant_id)
assay.access_grant CONSTRAINT access_grant_principal_fk FOREIGN KEY (principal_id) REFERENCES assay.principal(principal_id)
assay.access_grant CONSTRAINT access_grant_role_known CHECK ((access_role = ANY (ARRAY['service'::text, 'developer'::text, 'officer'::text, 'approver'::text, 'auditor'::text, 'admin'::text, 'data-protection'::text])))
assay.migration CONSTRAINT PK_3043fc6b8af7c99b8b98830094f PRIMARY KEY (id)
assay.organisation CONSTRAINT organisation_locale_known CHECK ((locale = ANY (ARRAY['en'::text, 'nl'::text])))
assay.organisation CONSTRAINT organisation_pk PRIMARY KEY (org_id)
assay.organisation CONSTRAINT organisation_slug_shape CHECK ((slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'::text))
assay.organisation CONSTRAINT organisation_slug_unique UNIQUE (slug)
assay.principal CONSTRAINT principal_kind_known CHECK ((kind = ANY (ARRAY['person'::text, 'service'::text, 'agent'::text])))
assay.principal CONSTRAINT principal_org_fk FOREIGN KEY (org_id) REFERENCES assay.organisation(org_id)
assay.principal CONSTRAINT principal_pk PRIMARY KEY (principal_id)
assay.principal CONSTRAINT principal_subject_unique UNIQUE (org_id, issuer, subject)
assay.project CONSTRAINT project_org_fk FOREIGN KEY (org_id) REFERENCES assay.organisation(org_id)
assay.project CONSTRAINT project_pk PRIMARY KEY (project_id)
assay.project CONSTRAINT project_slug_shape CHECK ((slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'::text))
assay.project CONSTRAINT project_slug_unique UNIQUE (org_id, slug)

-- indexes
CREATE INDEX access_grant_principal_idx ON assay.access_grant USING btree (principal_id)

-- triggers
CREATE TRIGGER access_grant_immutable BEFORE DELETE OR UPDATE ON assay.access_grant FOR EACH ROW EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER access_grant_no_truncate BEFORE TRUNCATE ON assay.access_grant FOR EACH STATEMENT EXECUTE FUNCTION assay.refuse_change() -- enabled always

-- sequences
SEQUENCE assay.migration_id_seq integer

-- functions
CREATE OR REPLACE FUNCTION assay.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
      BEGIN
        RAISE EXCEPTION '%.% is append-only: % refused', TG_TABLE_SCHEMA, TG_TABLE_NAME, TG_OP
          USING ERRCODE = '42501';
      END $function$

-- grants
GRANT USAGE ON SCHEMA assay TO assay_integrator
GRANT USAGE ON SCHEMA assay TO assay_service
GRANT USAGE ON SCHEMA ledger TO assay_integrator
GRANT USAGE ON SCHEMA ledger TO assay_service
GRANT INSERT, SELECT ON TABLE assay.access_grant TO assay_service
GRANT SELECT ON TABLE assay.migration TO assay_integrator
GRANT SELECT ON TABLE assay.migration TO assay_service
GRANT INSERT, SELECT ON TABLE assay.organisation TO assay_service
GRANT INSERT, SELECT ON TABLE assay.principal TO assay_service
GRANT INSERT, SELECT ON TABLE assay.project TO assay_service
