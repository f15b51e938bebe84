-- What the migrations make of an empty database, printed from the catalogue by
-- test/schema/catalogue.spec.ts and compared there. To read and to review, not to run.

-- tables and columns
TABLE assay.acceptance_criterion OWNER assay_owner ROW SECURITY
  org_id uuid NOT NULL
  case_id text NOT NULL
  criterion_id text NOT NULL
  version integer NOT NULL
  test_ids jsonb NOT NULL
  withdrawn boolean NOT NULL
  changed_by uuid NOT NULL
  changed_at timestamp with time zone NOT NULL
  entry_key bytea NOT NULL
TABLE assay.access_grant OWNER assay_owner ROW SECURITY
  grant_id uuid NOT NULL
  org_id uuid NOT NULL
  principal_id uuid NOT NULL
  access_role text NOT NULL
  granted_at timestamp with time zone NOT NULL
  granted_by uuid
  entry_key bytea NOT NULL
  project_id uuid
  requests_per_minute integer
  unrecorded_policies text[]
TABLE assay.access_grant_revocation OWNER assay_owner ROW SECURITY
  grant_id uuid NOT NULL
  org_id uuid NOT NULL
  revoked_at timestamp with time zone NOT NULL
  revoked_by uuid NOT NULL
  entry_key bytea NOT NULL
TABLE assay.artefact OWNER assay_owner ROW SECURITY
  org_id uuid NOT NULL
  art_id text NOT NULL
  project_id uuid NOT NULL
  name text NOT NULL
  created_at timestamp with time zone NOT NULL
TABLE assay.artefact_relation OWNER assay_owner ROW SECURITY
  org_id uuid NOT NULL
  from_art_id text NOT NULL
  from_digest text NOT NULL
  relation text NOT NULL
  to_art_id text NOT NULL
  to_digest text NOT NULL
  stated_by uuid NOT NULL
  stated_at timestamp with time zone NOT NULL
  entry_key bytea NOT NULL
TABLE assay.artefact_version OWNER assay_owner ROW SECURITY
  org_id uuid NOT NULL
  art_id text NOT NULL
  digest text NOT NULL
  author_id uuid
  act_id text
  case_id text
  agent jsonb
  registered_by uuid NOT NULL
  registered_at timestamp with time zone NOT NULL
  entry_key bytea NOT NULL
TABLE assay.case_route OWNER assay_owner ROW SECURITY
  org_id uuid NOT NULL
  case_id text NOT NULL
  version integer NOT NULL
  event text NOT NULL
  route text NOT NULL
  reason_code text NOT NULL
  estimated_minutes integer
  stories integer NOT NULL
  policy_digest text NOT NULL
  recorded_by uuid
  recorded_at timestamp with time zone NOT NULL
  entry_key bytea NOT NULL
TABLE assay.checklist_activation OWNER assay_owner ROW SECURITY
  org_id uuid NOT NULL
  chk_id text NOT NULL
  activation integer NOT NULL
  version integer NOT NULL
  previous_version integer
  activated_at timestamp with time zone NOT NULL
  activated_by uuid
  entry_key bytea NOT NULL
TABLE assay.checklist_version OWNER assay_owner ROW SECURITY
  org_id uuid NOT NULL
  chk_id text NOT NULL
  version integer NOT NULL
  digest text NOT NULL
  document text NOT NULL
  published_at timestamp with time zone NOT NULL
  published_by uuid
  entry_key bytea NOT NULL
  active_when_published boolean NOT NULL DEFAULT false
TABLE assay.decision OWNER assay_owner ROW SECURITY
  decision_id uuid NOT NULL
  org_id uuid NOT NULL
  gate_id text NOT NULL
  art_id text NOT NULL
  artefact_digest text NOT NULL
  chk_id text NOT NULL
  checklist_version integer NOT NULL
  checklist_digest text NOT NULL
  inputs_digest text NOT NULL
  as_of timestamp with time zone NOT NULL
  valid_until timestamp with time zone
  verdict text NOT NULL
  verdict_without_waivers text NOT NULL
  document text NOT NULL
  document_digest text NOT NULL
  decided_at timestamp with time zone NOT NULL
  entry_key bytea NOT NULL
TABLE assay.decision_stale OWNER assay_owner ROW SECURITY
  decision_id uuid NOT NULL
  cause text NOT NULL
  org_id uuid NOT NULL
  cause_kind text NOT NULL
  cause_seq bigint
  gate_id text NOT NULL
  art_id text NOT NULL
  artefact_digest text NOT NULL
  found_at timestamp with time zone NOT NULL
  entry_key bytea NOT NULL
TABLE assay.drift_check OWNER assay_owner ROW SECURITY
  decision_id uuid NOT NULL
  cause_seq bigint NOT NULL
  cause_kind text NOT NULL
  org_id uuid NOT NULL
  gate_id text NOT NULL
  art_id text NOT NULL
  artefact_digest text NOT NULL
  outcome text
TABLE assay.evidence OWNER assay_owner ROW SECURITY
  evidence_id uuid NOT NULL
  org_id uuid NOT NULL
  art_id text NOT NULL
  artefact_digest text NOT NULL
  stored_digest text NOT NULL
  received_digest text NOT NULL
  size_bytes bigint NOT NULL
  masked_count integer NOT NULL
  declared_format text
  source text NOT NULL
  collected_at timestamp with time zone NOT NULL
  received_at timestamp with time zone NOT NULL
  uploaded_by uuid NOT NULL
  entry_key bytea NOT NULL
  tool_run jsonb
  encoding text
  part_set text
  part_number integer
  part_of integer
TABLE assay.evidence_report OWNER assay_owner ROW SECURITY
  evidence_id uuid NOT NULL
  normaliser text NOT NULL
  org_id uuid NOT NULL
  format text NOT NULL
  format_version text
  kinds jsonb NOT NULL
  state text NOT NULL
  reasons jsonb NOT NULL
  document_digest text NOT NULL
  normalised_at timestamp with time zone NOT NULL
  entry_key bytea NOT NULL
  tools jsonb NOT NULL DEFAULT '[]'::jsonb
TABLE assay.export OWNER assay_owner ROW SECURITY
  export_id uuid NOT NULL
  org_id uuid NOT NULL
  query jsonb NOT NULL
  checkpoint_size bigint NOT NULL
  checkpoint_note text NOT NULL
  previous_checkpoint text
  settings jsonb NOT NULL
  requested_by uuid NOT NULL
  requested_at timestamp with time zone NOT NULL
  entry_key bytea NOT NULL
TABLE assay.export_pack OWNER assay_owner ROW SECURITY
  export_id uuid NOT NULL
  org_id uuid NOT NULL
  digest text NOT NULL
  size_bytes bigint NOT NULL
  counts jsonb NOT NULL
  made_at timestamp with time zone NOT NULL
  entry_key bytea NOT NULL
TABLE assay.export_run OWNER assay_owner ROW SECURITY
  export_id uuid NOT NULL
  org_id uuid NOT NULL
  state text NOT NULL
  done bigint NOT NULL
  total bigint NOT NULL
  started_at timestamp with time zone NOT NULL
  updated_at timestamp with time zone NOT NULL
  failure text
TABLE assay.fix_task OWNER assay_owner ROW SECURITY
  org_id uuid NOT NULL
  fix_id text NOT NULL
  project_id uuid NOT NULL
  case_id text
  act_id text
  gate_id text
  run_id uuid
  art_id text
  artefact_digest text
  reason_code text NOT NULL
  remediation text NOT NULL
  opened_by uuid
  opened_at timestamp with time zone NOT NULL
  entry_key bytea NOT NULL
TABLE assay.gate OWNER assay_owner ROW SECURITY
  org_id uuid NOT NULL
  gate_id text NOT NULL
  project_id uuid NOT NULL
  title text NOT NULL
  locus text NOT NULL
  chk_id text NOT NULL
  checklist_version integer
  owner_role text NOT NULL
  max_run_ms integer NOT NULL
  fallback text NOT NULL
  version integer NOT NULL
  entry_key bytea NOT NULL
  terms jsonb NOT NULL DEFAULT '{}'::jsonb
TABLE assay.gate_run OWNER assay_owner ROW SECURITY
  run_id uuid NOT NULL
  org_id uuid NOT NULL
  gate_id text NOT NULL
  art_id text NOT NULL
  artefact_digest text NOT NULL
  attempt integer NOT NULL
  state text NOT NULL
  decision_id uuid
  requested_by uuid NOT NULL
  started_at timestamp with time zone NOT NULL
  finished_at timestamp with time zone
  deadline_at timestamp with time zone NOT NULL
  entry_key bytea NOT NULL
  attempt_limit integer NOT NULL DEFAULT 1
  owner_role text NOT NULL DEFAULT ''::text
  due_at timestamp with time zone
  next_attempt_at timestamp with time zone
  next_escalation_at timestamp with time zone
  escalated integer NOT NULL DEFAULT 0
  steps integer NOT NULL DEFAULT 0
  reason_code text
  question jsonb NOT NULL DEFAULT '{}'::jsonb
TABLE assay.gate_run_step OWNER assay_owner ROW SECURITY
  run_id uuid NOT NULL
  ordinal integer NOT NULL
  org_id uuid NOT NULL
  kind text NOT NULL
  at timestamp with time zone NOT NULL
  acted_by uuid
  attempt integer NOT NULL
  state_before text NOT NULL
  state_after text NOT NULL
  reason_code text
  decision_id uuid
  next_attempt_at timestamp with time zone
  due_at timestamp with time zone
  role text
  waiver_ids uuid[] NOT NULL
  fix_task_id text
  rework integer
  entry_key bytea NOT NULL
TABLE assay.gate_version OWNER assay_owner ROW SECURITY
  org_id uuid NOT NULL
  gate_id text NOT NULL
  version integer NOT NULL
  definition jsonb NOT NULL
  defined_at timestamp with time zone NOT NULL
  entry_key bytea NOT NULL
TABLE assay.kpi_criterion OWNER assay_owner ROW SECURITY
  org_id uuid NOT NULL
  case_id text NOT NULL
  criterion_id text NOT NULL
  project_id uuid
  stated_at timestamp with time zone NOT NULL
  tests integer NOT NULL
  withdrawn boolean NOT NULL
TABLE assay.kpi_fix OWNER assay_owner ROW SECURITY
  org_id uuid NOT NULL
  seq bigint NOT NULL
  project_id uuid
  gate_id text
  opened_at timestamp with time zone NOT NULL
TABLE assay.kpi_start OWNER assay_owner ROW SECURITY
  org_id uuid NOT NULL
  unit text NOT NULL
  started_at timestamp with time zone NOT NULL
TABLE assay.kpi_unit OWNER assay_owner ROW SECURITY
  org_id uuid NOT NULL
  gate_id text NOT NULL
  unit text NOT NULL
  project_id uuid
  case_id text
  first_at timestamp with time zone NOT NULL
  first_passed boolean NOT NULL
  judged integer NOT NULL
  passed_at timestamp with time zone
TABLE assay.kpi_waiver OWNER assay_owner ROW SECURITY
  org_id uuid NOT NULL
  waiver_id uuid NOT NULL
  project_id uuid
  gate_id text
  approved_at timestamp with time zone
  effective_until timestamp with time zone NOT NULL
  revoked_at timestamp with time zone
  uses integer NOT NULL
  last_used_at timestamp with time zone
TABLE assay.migration OWNER assay_owner
  id integer NOT NULL DEFAULT nextval('assay.migration_id_seq'::regclass)
  timestamp bigint NOT NULL
  name character varying NOT NULL
TABLE assay.organisation OWNER assay_owner ROW SECURITY
  org_id uuid NOT NULL
  slug text NOT NULL
  name text NOT NULL
  time_zone text NOT NULL
  locale text NOT NULL
  created_at timestamp with time zone NOT NULL
  entry_key bytea NOT NULL
TABLE assay.policy_check OWNER assay_owner ROW SECURITY
  org_id uuid NOT NULL
  policy_id text NOT NULL
  content_digest text NOT NULL
  opa_version text NOT NULL
  checked_at timestamp with time zone NOT NULL
TABLE assay.policy_retirement OWNER assay_owner ROW SECURITY
  org_id uuid NOT NULL
  policy_id text NOT NULL
  version text NOT NULL
  retired_by uuid NOT NULL
  at timestamp with time zone NOT NULL
  entry_key bytea NOT NULL
TABLE assay.policy_review OWNER assay_owner ROW SECURITY
  review_id uuid NOT NULL
  org_id uuid NOT NULL
  policy_id text NOT NULL
  ordinal integer NOT NULL
  revision integer NOT NULL
  pack_version text NOT NULL
  content_digest text NOT NULL
  listing text NOT NULL
  source_digest text NOT NULL
  author_ids uuid[] NOT NULL
  requested_by uuid NOT NULL
  requested_at timestamp with time zone NOT NULL
  entry_key bytea NOT NULL
TABLE assay.policy_review_outcome OWNER assay_owner ROW SECURITY
  review_id uuid NOT NULL
  ordinal integer NOT NULL
  org_id uuid NOT NULL
  reviewer_id uuid NOT NULL
  outcome text NOT NULL
  at timestamp with time zone NOT NULL
  auth_time bigint
  amr text[] NOT NULL
  entry_key bytea NOT NULL
TABLE assay.policy_revision OWNER assay_owner ROW SECURITY
  org_id uuid NOT NULL
  policy_id text NOT NULL
  revision integer NOT NULL
  content_digest text
  listing text
  saved_by uuid NOT NULL
  saved_at timestamp with time zone NOT NULL
  entry_key bytea NOT NULL
TABLE assay.policy_version OWNER assay_owner ROW SECURITY
  org_id uuid NOT NULL
  policy_id text NOT NULL
  version text NOT NULL
  digest text NOT NULL
  source_digest text NOT NULL
  document text NOT NULL
  published_at timestamp with time zone NOT NULL
  published_by uuid
  entry_key bytea NOT NULL
TABLE assay.principal OWNER assay_owner ROW SECURITY
  principal_id uuid NOT NULL
  org_id uuid NOT NULL
  kind text NOT NULL
  issuer text NOT NULL
  subject text NOT NULL
  display_name text NOT NULL
  created_at timestamp with time zone NOT NULL
  entry_key bytea NOT NULL
  erased_at timestamp with time zone
TABLE assay.principal_standing OWNER assay_owner ROW SECURITY
  principal_id uuid NOT NULL
  ordinal integer NOT NULL
  org_id uuid NOT NULL
  disabled boolean NOT NULL
  changed_at timestamp with time zone NOT NULL
  changed_by uuid NOT NULL
  entry_key bytea NOT NULL
TABLE assay.process_role OWNER assay_owner ROW SECURITY
  org_id uuid NOT NULL
  project_id uuid NOT NULL
  role text NOT NULL
  holder_id uuid NOT NULL
  version integer NOT NULL
  assigned boolean NOT NULL
  changed_by uuid
  changed_at timestamp with time zone NOT NULL
  entry_key bytea NOT NULL
TABLE assay.process_step OWNER assay_owner ROW SECURITY
  org_id uuid NOT NULL
  case_id text NOT NULL
  ordinal integer NOT NULL
  act_id text NOT NULL
  event text NOT NULL
  role text
  artefacts jsonb NOT NULL
  agent jsonb
  actor_id uuid NOT NULL
  at timestamp with time zone NOT NULL
  entry_key bytea NOT NULL
TABLE assay.process_template OWNER assay_owner ROW SECURITY
  org_id uuid NOT NULL
  template_id text NOT NULL
  version integer NOT NULL
  title jsonb NOT NULL
  activities jsonb NOT NULL
  published_by uuid
  published_at timestamp with time zone NOT NULL
  entry_key bytea NOT NULL
TABLE assay.project OWNER assay_owner ROW SECURITY
  project_id uuid NOT NULL
  org_id uuid NOT NULL
  slug text NOT NULL
  name text NOT NULL
  created_at timestamp with time zone NOT NULL
  entry_key bytea NOT NULL
TABLE assay.rate_window OWNER assay_owner ROW SECURITY
  principal_id uuid NOT NULL
  org_id uuid NOT NULL
  began_at timestamp with time zone NOT NULL
  used bigint NOT NULL
  previous bigint NOT NULL
  taken boolean NOT NULL
TABLE assay.scan OWNER assay_owner ROW SECURITY
  scan_id uuid NOT NULL
  scanner text NOT NULL
  org_id uuid NOT NULL
  art_id text NOT NULL
  artefact_digest text NOT NULL
  source_digest text NOT NULL
  checkout text
  requested_by uuid NOT NULL
  requested_at timestamp with time zone NOT NULL
  entry_key bytea NOT NULL
TABLE assay.scan_result OWNER assay_owner ROW SECURITY
  scan_id uuid NOT NULL
  scanner text NOT NULL
  org_id uuid NOT NULL
  evidence_id uuid NOT NULL
  outcome text NOT NULL
  started_at timestamp with time zone NOT NULL
  finished_at timestamp with time zone NOT NULL
  entry_key bytea NOT NULL
TABLE assay.scan_run OWNER assay_owner ROW SECURITY
  scan_id uuid NOT NULL
  scanner text NOT NULL
  org_id uuid NOT NULL
  attempts integer NOT NULL
  started_at timestamp with time zone NOT NULL
TABLE assay.scan_source OWNER assay_owner ROW SECURITY
  org_id uuid NOT NULL
  digest text NOT NULL
  size_bytes bigint NOT NULL
  uploaded_by uuid NOT NULL
  uploaded_at timestamp with time zone NOT NULL
  removed_at timestamp with time zone
TABLE assay.standing_decision OWNER assay_owner ROW SECURITY
  org_id uuid NOT NULL
  gate_id text NOT NULL
  art_id text NOT NULL
  artefact_digest text NOT NULL
  decision_id uuid NOT NULL
  seq bigint NOT NULL
  project_id uuid
  locus text NOT NULL
  chk_id text NOT NULL
  checklist_version integer NOT NULL
  checklist_digest text NOT NULL
  inputs_digest text NOT NULL
  document_digest text NOT NULL
  verdict text NOT NULL
  verdict_without_waivers text NOT NULL
  as_of timestamp with time zone NOT NULL
  valid_until timestamp with time zone
  stale_seq bigint
TABLE assay.waiver OWNER assay_owner ROW SECURITY
  waiver_id uuid NOT NULL
  org_id uuid NOT NULL
  gate_id text
  selectors jsonb NOT NULL
  selectors_digest text NOT NULL
  severity text NOT NULL
  effective_from timestamp with time zone NOT NULL
  effective_until timestamp with time zone NOT NULL
  required_approvals integer NOT NULL
  requester_id uuid NOT NULL
  requested_at timestamp with time zone NOT NULL
  compensating_control text
  reference text
  case_id text
  entry_key bytea NOT NULL
  renews uuid
  attachments text[]
  review_hours integer
  review_path text[]
TABLE assay.waiver_approval OWNER assay_owner ROW SECURITY
  waiver_id uuid NOT NULL
  ordinal integer NOT NULL
  org_id uuid NOT NULL
  approver_id uuid NOT NULL
  at timestamp with time zone NOT NULL
  auth_time bigint
  amr text[] NOT NULL
  entry_key bytea NOT NULL
  delegation_id uuid
  delegated_from uuid
TABLE assay.waiver_delegation OWNER assay_owner ROW SECURITY
  delegation_id uuid NOT NULL
  org_id uuid NOT NULL
  delegator_id uuid NOT NULL
  delegate_id uuid NOT NULL
  valid_from timestamp with time zone NOT NULL
  valid_until timestamp with time zone NOT NULL
  given_at timestamp with time zone NOT NULL
  entry_key bytea NOT NULL
TABLE assay.waiver_delegation_withdrawal OWNER assay_owner ROW SECURITY
  delegation_id uuid NOT NULL
  org_id uuid NOT NULL
  withdrawn_by uuid NOT NULL
  at timestamp with time zone NOT NULL
  entry_key bytea NOT NULL
TABLE assay.waiver_due OWNER assay_owner ROW SECURITY
  waiver_id uuid NOT NULL
  what text NOT NULL
  step integer NOT NULL
  org_id uuid NOT NULL
  due_at timestamp with time zone NOT NULL
  handled_at timestamp with time zone
TABLE assay.waiver_escalation OWNER assay_owner ROW SECURITY
  waiver_id uuid NOT NULL
  step integer NOT NULL
  org_id uuid NOT NULL
  role text NOT NULL
  at timestamp with time zone NOT NULL
  entry_key bytea NOT NULL
TABLE assay.waiver_refusal OWNER assay_owner ROW SECURITY
  waiver_id uuid NOT NULL
  org_id uuid NOT NULL
  refused_by uuid NOT NULL
  at timestamp with time zone NOT NULL
  entry_key bytea NOT NULL
TABLE assay.waiver_revocation OWNER assay_owner ROW SECURITY
  waiver_id uuid NOT NULL
  org_id uuid NOT NULL
  revoked_by uuid NOT NULL
  at timestamp with time zone NOT NULL
  entry_key bytea NOT NULL
TABLE assay.work_item OWNER assay_owner ROW SECURITY
  org_id uuid NOT NULL
  case_id text NOT NULL
  version integer NOT NULL
  project_id uuid NOT NULL
  kind text NOT NULL
  parent_id text
  estimated_minutes integer
  status text NOT NULL
  template_id text
  template_version integer
  changed_by uuid
  changed_at timestamp with time zone NOT NULL
  entry_key bytea NOT NULL
TABLE ledger.body OWNER assay_owner ROW SECURITY
  seq bigint NOT NULL
  subject text NOT NULL
  org_id uuid NOT NULL
  ciphertext bytea
  key_id uuid NOT NULL
  retention_class text NOT NULL DEFAULT 'standard'::text
  erased_at timestamp with time zone
TABLE ledger.checkpoint OWNER assay_owner
  size bigint NOT NULL
  root bytea NOT NULL
  note text NOT NULL
  cosigned text
  created timestamp with time zone NOT NULL DEFAULT clock_timestamp()
TABLE ledger.cursor OWNER assay_owner
  reader text NOT NULL
  next bigint NOT NULL
TABLE ledger.dispatch OWNER assay_owner
  seq bigint NOT NULL
  org_id uuid NOT NULL
  kind text NOT NULL
  dispatched_at timestamp with time zone
TABLE ledger.entry OWNER assay_owner
  seq bigint NOT NULL
  leaf text NOT NULL
  leaf_hash bytea NOT NULL
  content_digest bytea NOT NULL
  at timestamp with time zone NOT NULL DEFAULT clock_timestamp()
TABLE ledger.fact OWNER assay_owner ROW SECURITY
  seq bigint NOT NULL
  statement text NOT NULL
  org_id uuid NOT NULL
  kind text NOT NULL
  actor text NOT NULL
  ts_start text NOT NULL
  ts_end text NOT NULL
  case_id text
  act_id text
  gate_id text
  art_id text
  artefact_digest text
  decision_id text
  result text
  severity text
  waiver_ids jsonb
TABLE ledger.handled OWNER assay_owner
  reader text NOT NULL
  seq bigint NOT NULL
  at timestamp with time zone NOT NULL DEFAULT clock_timestamp()
TABLE ledger.hold OWNER assay_owner ROW SECURITY
  id uuid NOT NULL
  org_id uuid NOT NULL
  scope text NOT NULL
  until timestamp with time zone
  entry_seq bigint NOT NULL
  lifted_seq bigint
TABLE ledger.idem OWNER assay_owner
  idem_key bytea NOT NULL
  seq bigint NOT NULL
  content_digest bytea NOT NULL
  at timestamp with time zone NOT NULL DEFAULT clock_timestamp()
TABLE ledger.intcoord OWNER assay_owner
  id integer NOT NULL
  size bigint NOT NULL
  root bytea NOT NULL
TABLE ledger.reader OWNER assay_owner
  login name NOT NULL
  org_id uuid NOT NULL
TABLE ledger.seqcoord OWNER assay_owner
  id integer NOT NULL
  next bigint NOT NULL
TABLE ledger.signing OWNER assay_owner
  id integer NOT NULL
  refused_at timestamp with time zone
  problem text
TABLE ledger.subject_key OWNER assay_owner ROW SECURITY
  key_id uuid NOT NULL
  org_id uuid NOT NULL
  subject text NOT NULL
  wrapped_key bytea
  created_at timestamp with time zone NOT NULL DEFAULT clock_timestamp()
  destroyed_at timestamp with time zone
TABLE ledger.tile OWNER assay_owner
  level smallint NOT NULL
  idx bigint NOT NULL
  width smallint NOT NULL
  data bytea NOT NULL
TABLE ledger.verification OWNER assay_owner
  id integer NOT NULL
  at timestamp with time zone NOT NULL
  full_at timestamp with time zone NOT NULL
  entries bigint NOT NULL
  findings integer NOT NULL

-- constraints
assay.acceptance_criterion CONSTRAINT acceptance_criterion_pk PRIMARY KEY (org_id, case_id, criterion_id, version)
assay.acceptance_criterion CONSTRAINT acceptance_criterion_version_positive CHECK ((version > 0))
assay.access_grant CONSTRAINT access_grant_org_fk FOREIGN KEY (org_id) REFERENCES assay.organisation(org_id)
assay.access_grant CONSTRAINT access_grant_pk PRIMARY KEY (grant_id)
assay.access_grant CONSTRAINT access_grant_principal_fk FOREIGN KEY (principal_id) REFERENCES assay.principal(principal_id)
assay.access_grant CONSTRAINT access_grant_project_fk FOREIGN KEY (project_id) REFERENCES assay.project(project_id)
assay.access_grant CONSTRAINT access_grant_rate CHECK (((requests_per_minute IS NULL) OR ((requests_per_minute > 0) AND (project_id IS NULL))))
assay.access_grant CONSTRAINT access_grant_role_known CHECK ((access_role = ANY (ARRAY['service'::text, 'developer'::text, 'officer'::text, 'approver'::text, 'auditor'::text, 'admin'::text, 'data-protection'::text])))
assay.access_grant_revocation CONSTRAINT access_grant_revocation_grant_fk FOREIGN KEY (grant_id) REFERENCES assay.access_grant(grant_id)
assay.access_grant_revocation CONSTRAINT access_grant_revocation_pk PRIMARY KEY (grant_id)
assay.artefact CONSTRAINT artefact_pk PRIMARY KEY (org_id, art_id)
assay.artefact_relation CONSTRAINT artefact_relation_not_to_itself CHECK (((from_art_id <> to_art_id) OR (from_digest <> to_digest)))
assay.artefact_relation CONSTRAINT artefact_relation_pk PRIMARY KEY (org_id, from_art_id, from_digest, relation, to_art_id, to_digest)
assay.artefact_relation CONSTRAINT artefact_relation_relation_known CHECK ((relation = ANY (ARRAY['derivedFrom'::text, 'shardOf'::text, 'supersedes'::text])))
assay.artefact_version CONSTRAINT artefact_version_artefact_fk FOREIGN KEY (org_id, art_id) REFERENCES assay.artefact(org_id, art_id)
assay.artefact_version CONSTRAINT artefact_version_digest_shape CHECK ((digest ~ '^(sha256:[0-9a-f]{64}|gitCommit:[0-9a-f]{40}([0-9a-f]{24})?)$'::text))
assay.artefact_version CONSTRAINT artefact_version_pk PRIMARY KEY (org_id, art_id, digest)
assay.case_route CONSTRAINT case_route_event_known CHECK ((event = ANY (ARRAY['chosen'::text, 'outgrown'::text, 'regained'::text])))
assay.case_route CONSTRAINT case_route_pk PRIMARY KEY (org_id, case_id, version)
assay.case_route CONSTRAINT case_route_route_known CHECK ((route = ANY (ARRAY['standard'::text, 'small-feature'::text, 'single-story'::text])))
assay.case_route CONSTRAINT case_route_version_positive CHECK ((version > 0))
assay.checklist_activation CONSTRAINT checklist_activation_key_unique UNIQUE (org_id, entry_key)
assay.checklist_activation CONSTRAINT checklist_activation_number CHECK ((activation >= 1))
assay.checklist_activation CONSTRAINT checklist_activation_pk PRIMARY KEY (org_id, chk_id, activation)
assay.checklist_activation CONSTRAINT checklist_activation_version_fk FOREIGN KEY (org_id, chk_id, version) REFERENCES assay.checklist_version(org_id, chk_id, version)
assay.checklist_version CONSTRAINT checklist_version_digest_shape CHECK ((digest ~ '^sha256:[0-9a-f]{64}$'::text))
assay.checklist_version CONSTRAINT checklist_version_id_shape CHECK ((chk_id ~ '^CHK_[A-Z0-9_-]+$'::text))
assay.checklist_version CONSTRAINT checklist_version_number CHECK ((version > 0))
assay.checklist_version CONSTRAINT checklist_version_org_fk FOREIGN KEY (org_id) REFERENCES assay.organisation(org_id)
assay.checklist_version CONSTRAINT checklist_version_pk PRIMARY KEY (org_id, chk_id, version)
assay.decision CONSTRAINT decision_pk PRIMARY KEY (decision_id)
assay.decision CONSTRAINT decision_verdict_known CHECK (((verdict = ANY (ARRAY['PASS'::text, 'PASS_WITH_WAIVERS'::text, 'INDETERMINATE'::text, 'FAIL'::text, 'ERROR'::text])) AND (verdict_without_waivers = ANY (ARRAY['PASS'::text, 'PASS_WITH_WAIVERS'::text, 'INDETERMINATE'::text, 'FAIL'::text, 'ERROR'::text]))))
assay.decision_stale CONSTRAINT decision_stale_cause_named CHECK ((cause = COALESCE(('entry:'::text || cause_seq), 'valid-until'::text)))
assay.decision_stale CONSTRAINT decision_stale_pk PRIMARY KEY (decision_id, cause)
assay.drift_check CONSTRAINT drift_check_outcome_known CHECK ((outcome = ANY (ARRAY['STALE'::text, 'SAME'::text, 'UNAFFECTED'::text, 'SUPERSEDED'::text])))
assay.drift_check CONSTRAINT drift_check_pk PRIMARY KEY (decision_id, cause_seq)
assay.evidence CONSTRAINT evidence_artefact_fk FOREIGN KEY (org_id, art_id, artefact_digest) REFERENCES assay.artefact_version(org_id, art_id, digest)
assay.evidence CONSTRAINT evidence_counts_not_negative CHECK (((size_bytes >= 0) AND (masked_count >= 0)))
assay.evidence CONSTRAINT evidence_encoding_known CHECK ((encoding = ANY (ARRAY['gzip'::text, 'deflate'::text, 'br'::text, 'zstd'::text])))
assay.evidence CONSTRAINT evidence_part_whole CHECK (((num_nulls(part_set, part_number, part_of) = 3) OR ((num_nulls(part_set, part_number, part_of) = 0) AND ((part_number >= 1) AND (part_number <= part_of)))))
assay.evidence CONSTRAINT evidence_pk PRIMARY KEY (evidence_id)
assay.evidence CONSTRAINT evidence_received_shape CHECK ((received_digest ~ '^sha256:[0-9a-f]{64}$'::text))
assay.evidence CONSTRAINT evidence_stored_shape CHECK ((stored_digest ~ '^sha256:[0-9a-f]{64}$'::text))
assay.evidence_report CONSTRAINT evidence_report_document_shape CHECK ((document_digest ~ '^sha256:[0-9a-f]{64}$'::text))
assay.evidence_report CONSTRAINT evidence_report_evidence_fk FOREIGN KEY (evidence_id) REFERENCES assay.evidence(evidence_id)
assay.evidence_report CONSTRAINT evidence_report_pk PRIMARY KEY (evidence_id, normaliser)
assay.evidence_report CONSTRAINT evidence_report_state_known CHECK ((state = ANY (ARRAY['COMPLETE'::text, 'INCOMPLETE'::text, 'ERROR'::text, 'NOT_MEASURED'::text, 'UNKNOWN'::text])))
assay.export CONSTRAINT export_checkpoint_not_empty CHECK ((checkpoint_size > 0))
assay.export CONSTRAINT export_key_unique UNIQUE (org_id, entry_key)
assay.export CONSTRAINT export_pk PRIMARY KEY (export_id)
assay.export_pack CONSTRAINT export_pack_digest_shape CHECK ((digest ~ '^sha256:[0-9a-f]{64}$'::text))
assay.export_pack CONSTRAINT export_pack_export_fk FOREIGN KEY (export_id) REFERENCES assay.export(export_id)
assay.export_pack CONSTRAINT export_pack_not_empty CHECK ((size_bytes > 0))
assay.export_pack CONSTRAINT export_pack_pk PRIMARY KEY (export_id)
assay.export_run CONSTRAINT export_run_export_fk FOREIGN KEY (export_id) REFERENCES assay.export(export_id)
assay.export_run CONSTRAINT export_run_failed_says_why CHECK (((state = 'failed'::text) = (failure IS NOT NULL)))
assay.export_run CONSTRAINT export_run_pk PRIMARY KEY (export_id)
assay.export_run CONSTRAINT export_run_progress CHECK (((done >= 0) AND (total >= done)))
assay.export_run CONSTRAINT export_run_state_known CHECK ((state = ANY (ARRAY['running'::text, 'failed'::text])))
assay.fix_task CONSTRAINT fix_task_pk PRIMARY KEY (org_id, fix_id)
assay.fix_task CONSTRAINT fix_task_remediation_known CHECK ((remediation = ANY (ARRAY['rerun'::text, 're-shard'::text, 'reopen-story'::text])))
assay.gate CONSTRAINT gate_fallback_closed CHECK ((fallback = 'closed'::text))
assay.gate CONSTRAINT gate_locus_known CHECK ((locus = ANY (ARRAY['LOCAL'::text, 'PR'::text, 'RELEASE'::text])))
assay.gate CONSTRAINT gate_pk PRIMARY KEY (org_id, gate_id)
assay.gate CONSTRAINT gate_run_bounded CHECK ((max_run_ms > 0))
assay.gate CONSTRAINT gate_version_positive CHECK (((version >= 1) AND (checklist_version >= 1)))
assay.gate_run CONSTRAINT gate_run_attempt_positive CHECK ((attempt >= 1))
assay.gate_run CONSTRAINT gate_run_decided_has_decision CHECK ((((state = 'decided'::text) AND (decision_id IS NOT NULL)) OR (state = 'rejected'::text) OR ((state <> ALL (ARRAY['decided'::text, 'rejected'::text])) AND (decision_id IS NULL))))
assay.gate_run CONSTRAINT gate_run_decision_fk FOREIGN KEY (decision_id) REFERENCES assay.decision(decision_id)
assay.gate_run CONSTRAINT gate_run_pk PRIMARY KEY (run_id)
assay.gate_run CONSTRAINT gate_run_queued_until CHECK (((state <> 'queued'::text) OR (next_attempt_at IS NOT NULL))) NOT VALID
assay.gate_run CONSTRAINT gate_run_state_known CHECK ((state = ANY (ARRAY['queued'::text, 'running'::text, 'decided'::text, 'failed'::text, 'paused'::text, 'overridden'::text, 'rejected'::text])))
assay.gate_run_step CONSTRAINT gate_run_step_kind_known CHECK ((kind = ANY (ARRAY['retried'::text, 'paused'::text, 'resumed'::text, 'overridden'::text, 'rejected'::text, 'escalated'::text])))
assay.gate_run_step CONSTRAINT gate_run_step_ordinal_positive CHECK (((ordinal >= 1) AND (attempt >= 1)))
assay.gate_run_step CONSTRAINT gate_run_step_override_rests_on_waivers CHECK (((kind <> 'overridden'::text) OR (cardinality(waiver_ids) > 0)))
assay.gate_run_step CONSTRAINT gate_run_step_pk PRIMARY KEY (run_id, ordinal)
assay.gate_run_step CONSTRAINT gate_run_step_run_fk FOREIGN KEY (run_id) REFERENCES assay.gate_run(run_id)
assay.gate_version CONSTRAINT gate_version_pk PRIMARY KEY (org_id, gate_id, version)
assay.gate_version CONSTRAINT gate_version_version_positive CHECK ((version >= 1))
assay.kpi_criterion CONSTRAINT kpi_criterion_pk PRIMARY KEY (org_id, case_id, criterion_id)
assay.kpi_fix CONSTRAINT kpi_fix_pk PRIMARY KEY (org_id, seq)
assay.kpi_start CONSTRAINT kpi_start_pk PRIMARY KEY (org_id, unit)
assay.kpi_unit CONSTRAINT kpi_unit_pk PRIMARY KEY (org_id, gate_id, unit)
assay.kpi_waiver CONSTRAINT kpi_waiver_pk PRIMARY KEY (org_id, waiver_id)
assay.migration CONSTRAINT PK_3043fc6b8af7c99b8b98830094f PRIMARY KEY (id)
assay.organisation CONSTRAINT organisation_locale_known CHECK ((locale = ANY (ARRAY['en'::text, 'nl'::text])))
assay.organisation CONSTRAINT organisation_pk PRIMARY KEY (org_id)
assay.organisation CONSTRAINT organisation_slug_shape CHECK ((slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'::text))
assay.organisation CONSTRAINT organisation_slug_unique UNIQUE (slug)
assay.policy_check CONSTRAINT policy_check_digest_shape CHECK ((content_digest ~ '^sha256:[0-9a-f]{64}$'::text))
assay.policy_check CONSTRAINT policy_check_org_fk FOREIGN KEY (org_id) REFERENCES assay.organisation(org_id)
assay.policy_check CONSTRAINT policy_check_pk PRIMARY KEY (org_id, policy_id, content_digest)
assay.policy_retirement CONSTRAINT policy_retirement_key_unique UNIQUE (org_id, entry_key)
assay.policy_retirement CONSTRAINT policy_retirement_pk PRIMARY KEY (org_id, policy_id, version)
assay.policy_retirement CONSTRAINT policy_retirement_version_fk FOREIGN KEY (org_id, policy_id, version) REFERENCES assay.policy_version(org_id, policy_id, version)
assay.policy_review CONSTRAINT policy_review_content_shape CHECK ((content_digest ~ '^sha256:[0-9a-f]{64}$'::text))
assay.policy_review CONSTRAINT policy_review_has_authors CHECK ((cardinality(author_ids) > 0))
assay.policy_review CONSTRAINT policy_review_key_unique UNIQUE (org_id, entry_key)
assay.policy_review CONSTRAINT policy_review_ordinal_unique UNIQUE (org_id, policy_id, ordinal)
assay.policy_review CONSTRAINT policy_review_pk PRIMARY KEY (review_id)
assay.policy_review CONSTRAINT policy_review_revision_fk FOREIGN KEY (org_id, policy_id, revision) REFERENCES assay.policy_revision(org_id, policy_id, revision)
assay.policy_review CONSTRAINT policy_review_source_shape CHECK ((source_digest ~ '^sha256:[0-9a-f]{64}$'::text))
assay.policy_review_outcome CONSTRAINT policy_review_outcome_key_unique UNIQUE (org_id, entry_key)
assay.policy_review_outcome CONSTRAINT policy_review_outcome_known CHECK ((outcome = ANY (ARRAY['approve'::text, 'request-changes'::text])))
assay.policy_review_outcome CONSTRAINT policy_review_outcome_once_each UNIQUE (review_id, reviewer_id)
assay.policy_review_outcome CONSTRAINT policy_review_outcome_ordinal CHECK ((ordinal > 0))
assay.policy_review_outcome CONSTRAINT policy_review_outcome_pk PRIMARY KEY (review_id, ordinal)
assay.policy_review_outcome CONSTRAINT policy_review_outcome_review_fk FOREIGN KEY (review_id) REFERENCES assay.policy_review(review_id)
assay.policy_revision CONSTRAINT policy_revision_digest_shape CHECK ((content_digest ~ '^sha256:[0-9a-f]{64}$'::text))
assay.policy_revision CONSTRAINT policy_revision_id_shape CHECK ((policy_id ~ '^[a-z][a-z0-9-]{0,62}$'::text))
assay.policy_revision CONSTRAINT policy_revision_key_unique UNIQUE (org_id, entry_key)
assay.policy_revision CONSTRAINT policy_revision_number CHECK ((revision > 0))
assay.policy_revision CONSTRAINT policy_revision_org_fk FOREIGN KEY (org_id) REFERENCES assay.organisation(org_id)
assay.policy_revision CONSTRAINT policy_revision_pk PRIMARY KEY (org_id, policy_id, revision)
assay.policy_revision CONSTRAINT policy_revision_whole CHECK (((content_digest IS NULL) = (listing IS NULL)))
assay.policy_version CONSTRAINT policy_version_digest_shape CHECK ((digest ~ '^sha256:[0-9a-f]{64}$'::text))
assay.policy_version CONSTRAINT policy_version_digest_unique UNIQUE (org_id, digest)
assay.policy_version CONSTRAINT policy_version_org_fk FOREIGN KEY (org_id) REFERENCES assay.organisation(org_id)
assay.policy_version CONSTRAINT policy_version_pk PRIMARY KEY (org_id, policy_id, version)
assay.principal CONSTRAINT principal_erased_is_blank CHECK (((erased_at IS NULL) OR ((display_name = ''::text) AND (issuer = 'erased'::text) AND (subject = (principal_id)::text))))
assay.principal CONSTRAINT principal_kind_known CHECK ((kind = ANY (ARRAY['person'::text, 'service'::text, 'agent'::text])))
assay.principal CONSTRAINT principal_org_fk FOREIGN KEY (org_id) REFERENCES assay.organisation(org_id)
assay.principal CONSTRAINT principal_pk PRIMARY KEY (principal_id)
assay.principal CONSTRAINT principal_subject_unique UNIQUE (org_id, issuer, subject)
assay.principal_standing CONSTRAINT principal_standing_ordinal CHECK ((ordinal > 0))
assay.principal_standing CONSTRAINT principal_standing_pk PRIMARY KEY (principal_id, ordinal)
assay.principal_standing CONSTRAINT principal_standing_principal_fk FOREIGN KEY (principal_id) REFERENCES assay.principal(principal_id)
assay.process_role CONSTRAINT process_role_pk PRIMARY KEY (org_id, project_id, role, holder_id, version)
assay.process_role CONSTRAINT process_role_version_positive CHECK ((version > 0))
assay.process_step CONSTRAINT process_step_event_known CHECK ((event = ANY (ARRAY['started'::text, 'finished'::text])))
assay.process_step CONSTRAINT process_step_ordinal_positive CHECK ((ordinal > 0))
assay.process_step CONSTRAINT process_step_pk PRIMARY KEY (org_id, case_id, ordinal)
assay.process_template CONSTRAINT process_template_pk PRIMARY KEY (org_id, template_id, version)
assay.process_template CONSTRAINT process_template_version_positive CHECK ((version > 0))
assay.project CONSTRAINT project_org_fk FOREIGN KEY (org_id) REFERENCES assay.organisation(org_id)
assay.project CONSTRAINT project_pk PRIMARY KEY (project_id)
assay.project CONSTRAINT project_slug_shape CHECK ((slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'::text))
assay.project CONSTRAINT project_slug_unique UNIQUE (org_id, slug)
assay.rate_window CONSTRAINT rate_window_pk PRIMARY KEY (principal_id)
assay.scan CONSTRAINT scan_pk PRIMARY KEY (scan_id, scanner)
assay.scan CONSTRAINT scan_source_is_named CHECK (
CASE
    WHEN (checkout IS NULL) THEN (source_digest ~~ 'sha256:%'::text)
    ELSE (source_digest ~~ 'gitCommit:%'::text)
END)
assay.scan_result CONSTRAINT scan_result_outcome_known CHECK ((outcome = ANY (ARRAY['FINISHED'::text, 'PARTIAL'::text, 'FAILED'::text, 'NOT_RUN'::text, 'NOTHING_TO_SCAN'::text])))
assay.scan_result CONSTRAINT scan_result_pk PRIMARY KEY (scan_id, scanner)
assay.scan_result CONSTRAINT scan_result_scan_fk FOREIGN KEY (scan_id, scanner) REFERENCES assay.scan(scan_id, scanner)
assay.scan_run CONSTRAINT scan_run_attempts CHECK ((attempts > 0))
assay.scan_run CONSTRAINT scan_run_pk PRIMARY KEY (scan_id, scanner)
assay.scan_run CONSTRAINT scan_run_scan_fk FOREIGN KEY (scan_id, scanner) REFERENCES assay.scan(scan_id, scanner)
assay.scan_source CONSTRAINT scan_source_digest_shape CHECK ((digest ~ '^sha256:[0-9a-f]{64}$'::text))
assay.scan_source CONSTRAINT scan_source_pk PRIMARY KEY (org_id, digest)
assay.scan_source CONSTRAINT scan_source_size CHECK ((size_bytes > 0))
assay.standing_decision CONSTRAINT standing_decision_pk PRIMARY KEY (org_id, gate_id, art_id, artefact_digest)
assay.waiver CONSTRAINT waiver_attachments_some CHECK ((cardinality(attachments) > 0))
assay.waiver CONSTRAINT waiver_needs_approval CHECK ((required_approvals >= 1))
assay.waiver CONSTRAINT waiver_pk PRIMARY KEY (waiver_id)
assay.waiver CONSTRAINT waiver_renews_fk FOREIGN KEY (renews) REFERENCES assay.waiver(waiver_id)
assay.waiver CONSTRAINT waiver_review_whole CHECK (((num_nulls(review_hours, review_path) = 2) OR ((num_nulls(review_hours, review_path) = 0) AND (review_hours > 0) AND (cardinality(review_path) > 0))))
assay.waiver CONSTRAINT waiver_severity_known CHECK ((severity = ANY (ARRAY['none'::text, 'low'::text, 'medium'::text, 'high'::text, 'critical'::text, 'unknown'::text])))
assay.waiver CONSTRAINT waiver_window_ordered CHECK ((effective_from <= effective_until))
assay.waiver_approval CONSTRAINT waiver_approval_delegation_fk FOREIGN KEY (delegation_id) REFERENCES assay.waiver_delegation(delegation_id)
assay.waiver_approval CONSTRAINT waiver_approval_delegation_whole CHECK ((num_nulls(delegation_id, delegated_from) = ANY (ARRAY[0, 2])))
assay.waiver_approval CONSTRAINT waiver_approval_key_unique UNIQUE (org_id, entry_key)
assay.waiver_approval CONSTRAINT waiver_approval_once_each UNIQUE (waiver_id, approver_id)
assay.waiver_approval CONSTRAINT waiver_approval_ordinal_positive CHECK ((ordinal >= 1))
assay.waiver_approval CONSTRAINT waiver_approval_pk PRIMARY KEY (waiver_id, ordinal)
assay.waiver_approval CONSTRAINT waiver_approval_waiver_fk FOREIGN KEY (waiver_id) REFERENCES assay.waiver(waiver_id)
assay.waiver_delegation CONSTRAINT waiver_delegation_key_unique UNIQUE (org_id, entry_key)
assay.waiver_delegation CONSTRAINT waiver_delegation_pk PRIMARY KEY (delegation_id)
assay.waiver_delegation CONSTRAINT waiver_delegation_two_persons CHECK ((delegator_id <> delegate_id))
assay.waiver_delegation CONSTRAINT waiver_delegation_window_ordered CHECK ((valid_from <= valid_until))
assay.waiver_delegation_withdrawal CONSTRAINT waiver_delegation_withdrawal_delegation_fk FOREIGN KEY (delegation_id) REFERENCES assay.waiver_delegation(delegation_id)
assay.waiver_delegation_withdrawal CONSTRAINT waiver_delegation_withdrawal_key_unique UNIQUE (org_id, entry_key)
assay.waiver_delegation_withdrawal CONSTRAINT waiver_delegation_withdrawal_pk PRIMARY KEY (delegation_id)
assay.waiver_due CONSTRAINT waiver_due_pk PRIMARY KEY (waiver_id, what, step)
assay.waiver_due CONSTRAINT waiver_due_waiver_fk FOREIGN KEY (waiver_id) REFERENCES assay.waiver(waiver_id)
assay.waiver_due CONSTRAINT waiver_due_what_known CHECK ((what = ANY (ARRAY['end'::text, 'review'::text])))
assay.waiver_escalation CONSTRAINT waiver_escalation_key_unique UNIQUE (org_id, entry_key)
assay.waiver_escalation CONSTRAINT waiver_escalation_pk PRIMARY KEY (waiver_id, step)
assay.waiver_escalation CONSTRAINT waiver_escalation_step_positive CHECK ((step >= 1))
assay.waiver_escalation CONSTRAINT waiver_escalation_waiver_fk FOREIGN KEY (waiver_id) REFERENCES assay.waiver(waiver_id)
assay.waiver_refusal CONSTRAINT waiver_refusal_key_unique UNIQUE (org_id, entry_key)
assay.waiver_refusal CONSTRAINT waiver_refusal_pk PRIMARY KEY (waiver_id)
assay.waiver_refusal CONSTRAINT waiver_refusal_waiver_fk FOREIGN KEY (waiver_id) REFERENCES assay.waiver(waiver_id)
assay.waiver_revocation CONSTRAINT waiver_revocation_key_unique UNIQUE (org_id, entry_key)
assay.waiver_revocation CONSTRAINT waiver_revocation_pk PRIMARY KEY (waiver_id)
assay.waiver_revocation CONSTRAINT waiver_revocation_waiver_fk FOREIGN KEY (waiver_id) REFERENCES assay.waiver(waiver_id)
assay.work_item CONSTRAINT work_item_estimate_positive CHECK ((estimated_minutes > 0))
assay.work_item CONSTRAINT work_item_kind_known CHECK ((kind = ANY (ARRAY['project'::text, 'feature'::text, 'story'::text, 'fix'::text])))
assay.work_item CONSTRAINT work_item_not_its_own_parent CHECK ((parent_id <> case_id))
assay.work_item CONSTRAINT work_item_pk PRIMARY KEY (org_id, case_id, version)
assay.work_item CONSTRAINT work_item_status_known CHECK ((status = ANY (ARRAY['planned'::text, 'active'::text, 'done'::text, 'cancelled'::text])))
assay.work_item CONSTRAINT work_item_template_is_whole CHECK (((template_id IS NULL) = (template_version IS NULL)))
assay.work_item CONSTRAINT work_item_version_positive CHECK ((version > 0))
ledger.body CONSTRAINT body_erased_is_empty CHECK (((ciphertext IS NULL) = (erased_at IS NOT NULL)))
ledger.body CONSTRAINT body_pk PRIMARY KEY (seq, subject)
ledger.checkpoint CONSTRAINT checkpoint_pk PRIMARY KEY (size)
ledger.cursor CONSTRAINT cursor_not_negative CHECK ((next >= 0))
ledger.cursor CONSTRAINT cursor_pk PRIMARY KEY (reader)
ledger.dispatch CONSTRAINT dispatch_pk PRIMARY KEY (seq)
ledger.entry CONSTRAINT entry_content_digest_bytes CHECK ((octet_length(content_digest) = 32))
ledger.entry CONSTRAINT entry_leaf_bytes CHECK (((octet_length(leaf) >= 1) AND (octet_length(leaf) <= 65535)))
ledger.entry CONSTRAINT entry_leaf_hash_bytes CHECK ((octet_length(leaf_hash) = 32))
ledger.entry CONSTRAINT entry_pk PRIMARY KEY (seq)
ledger.entry CONSTRAINT entry_seq_from_zero CHECK ((seq >= 0))
ledger.fact CONSTRAINT fact_pk PRIMARY KEY (seq)
ledger.handled CONSTRAINT handled_pk PRIMARY KEY (reader, seq)
ledger.hold CONSTRAINT hold_pk PRIMARY KEY (id)
ledger.hold CONSTRAINT hold_scope_shape CHECK ((scope ~ '^(everything|(person|case|artefact):.+)$'::text))
ledger.idem CONSTRAINT idem_key_bytes CHECK ((octet_length(idem_key) = 16))
ledger.idem CONSTRAINT idem_pk PRIMARY KEY (idem_key)
ledger.idem CONSTRAINT idem_seq_unique UNIQUE (seq)
ledger.intcoord CONSTRAINT intcoord_one_row CHECK ((id = 1))
ledger.intcoord CONSTRAINT intcoord_pk PRIMARY KEY (id)
ledger.reader CONSTRAINT reader_pk PRIMARY KEY (login, org_id)
ledger.seqcoord CONSTRAINT seqcoord_one_row CHECK ((id = 1))
ledger.seqcoord CONSTRAINT seqcoord_pk PRIMARY KEY (id)
ledger.signing CONSTRAINT signing_one_row CHECK ((id = 1))
ledger.signing CONSTRAINT signing_pk PRIMARY KEY (id)
ledger.signing CONSTRAINT signing_refused_is_explained CHECK (((refused_at IS NULL) = (problem IS NULL)))
ledger.subject_key CONSTRAINT subject_key_destroyed_is_empty CHECK (((wrapped_key IS NULL) = (destroyed_at IS NOT NULL)))
ledger.subject_key CONSTRAINT subject_key_pk PRIMARY KEY (key_id)
ledger.tile CONSTRAINT tile_data_bytes CHECK ((octet_length(data) = (width * 32)))
ledger.tile CONSTRAINT tile_level_range CHECK (((level >= 0) AND (level <= 63)))
ledger.tile CONSTRAINT tile_pk PRIMARY KEY (level, idx, width)
ledger.tile CONSTRAINT tile_width_range CHECK (((width >= 1) AND (width <= 256)))
ledger.verification CONSTRAINT verification_one_row CHECK ((id = 1))
ledger.verification CONSTRAINT verification_pk PRIMARY KEY (id)

-- indexes
CREATE INDEX acceptance_criterion_entry_idx ON assay.acceptance_criterion USING btree (org_id, entry_key)
CREATE INDEX access_grant_listed_idx ON assay.access_grant USING btree (org_id, granted_at, grant_id)
CREATE INDEX access_grant_principal_idx ON assay.access_grant USING btree (principal_id)
CREATE INDEX artefact_relation_entry_idx ON assay.artefact_relation USING btree (org_id, entry_key)
CREATE INDEX artefact_relation_to_idx ON assay.artefact_relation USING btree (org_id, to_art_id, to_digest)
CREATE INDEX artefact_version_digest_idx ON assay.artefact_version USING btree (org_id, digest)
CREATE INDEX body_subject_idx ON ledger.body USING btree (org_id, subject) WHERE (erased_at IS NULL)
CREATE INDEX case_route_entry_idx ON assay.case_route USING btree (org_id, entry_key)
CREATE INDEX checkpoint_cosigned_idx ON ledger.checkpoint USING btree (size) WHERE (cosigned IS NOT NULL)
CREATE INDEX decision_artefact_idx ON assay.decision USING btree (org_id, artefact_digest)
CREATE INDEX decision_reuse_idx ON assay.decision USING btree (org_id, inputs_digest, as_of)
CREATE INDEX decision_stale_cause_idx ON assay.decision_stale USING btree (org_id, cause_seq)
CREATE INDEX dispatch_open_idx ON ledger.dispatch USING btree (seq) WHERE (dispatched_at IS NULL)
CREATE INDEX drift_check_open_idx ON assay.drift_check USING btree (cause_seq, decision_id) WHERE (outcome IS NULL)
CREATE INDEX evidence_artefact_idx ON assay.evidence USING btree (org_id, artefact_digest, art_id)
CREATE INDEX evidence_received_idx ON assay.evidence USING btree (org_id, received_digest)
CREATE INDEX evidence_stored_idx ON assay.evidence USING btree (org_id, stored_digest)
CREATE INDEX export_list_idx ON assay.export USING btree (org_id, requested_at DESC, export_id DESC)
CREATE INDEX fact_artefact_idx ON ledger.fact USING btree (artefact_digest, seq) WHERE (artefact_digest IS NOT NULL)
CREATE INDEX fact_case_idx ON ledger.fact USING btree (org_id, case_id, seq) WHERE (case_id IS NOT NULL)
CREATE INDEX fact_continued_idx ON ledger.fact USING btree (seq) WHERE (kind = 'log.continued'::text)
CREATE INDEX fact_decision_idx ON ledger.fact USING btree (decision_id) WHERE (decision_id IS NOT NULL)
CREATE INDEX fact_gate_idx ON ledger.fact USING btree (org_id, gate_id, seq) WHERE (gate_id IS NOT NULL)
CREATE INDEX fact_org_kind_seq_idx ON ledger.fact USING btree (org_id, kind, seq)
CREATE INDEX fact_org_seq_idx ON ledger.fact USING btree (org_id, seq)
CREATE INDEX fact_waiver_idx ON ledger.fact USING gin (waiver_ids) WHERE (waiver_ids IS NOT NULL)
CREATE INDEX fix_task_case_idx ON assay.fix_task USING btree (org_id, case_id)
CREATE INDEX fix_task_entry_idx ON assay.fix_task USING btree (org_id, entry_key)
CREATE INDEX fix_task_gate_idx ON assay.fix_task USING btree (org_id, gate_id)
CREATE INDEX gate_run_attempts_idx ON assay.gate_run USING btree (org_id, gate_id, artefact_digest)
CREATE INDEX gate_run_dead_idx ON assay.gate_run USING btree (deadline_at) WHERE (state = 'running'::text)
CREATE INDEX gate_run_decision_idx ON assay.gate_run USING btree (decision_id) WHERE (decision_id IS NOT NULL)
CREATE INDEX gate_run_due_idx ON assay.gate_run USING btree (next_attempt_at) WHERE (state = 'queued'::text)
CREATE INDEX gate_run_late_idx ON assay.gate_run USING btree (next_escalation_at) WHERE (next_escalation_at IS NOT NULL)
CREATE INDEX gate_run_newest_idx ON assay.gate_run USING btree (org_id, started_at, run_id)
CREATE INDEX gate_run_step_decision_idx ON assay.gate_run_step USING btree (decision_id) WHERE (decision_id IS NOT NULL)
CREATE INDEX hold_org_idx ON ledger.hold USING btree (org_id, entry_seq)
CREATE INDEX kpi_unit_first_idx ON assay.kpi_unit USING btree (org_id, first_at)
CREATE INDEX policy_review_of_revision_idx ON assay.policy_review USING btree (org_id, policy_id, revision)
CREATE INDEX process_role_entry_idx ON assay.process_role USING btree (org_id, entry_key)
CREATE INDEX process_step_entry_idx ON assay.process_step USING btree (org_id, entry_key)
CREATE INDEX process_template_entry_idx ON assay.process_template USING btree (org_id, entry_key)
CREATE INDEX scan_artefact_idx ON assay.scan USING btree (org_id, artefact_digest, art_id)
CREATE INDEX scan_result_recent_idx ON assay.scan_result USING btree (org_id, scanner, finished_at)
CREATE INDEX scan_source_idx ON assay.scan USING btree (org_id, source_digest)
CREATE INDEX standing_decision_artefact_idx ON assay.standing_decision USING btree (org_id, artefact_digest)
CREATE INDEX standing_decision_stale_idx ON assay.standing_decision USING btree (stale_seq) WHERE (stale_seq IS NOT NULL)
CREATE INDEX standing_decision_validity_idx ON assay.standing_decision USING btree (valid_until) WHERE (stale_seq IS NULL)
CREATE INDEX waiver_delegation_delegate_idx ON assay.waiver_delegation USING btree (org_id, delegate_id)
CREATE INDEX waiver_delegation_newest_idx ON assay.waiver_delegation USING btree (org_id, given_at, delegation_id)
CREATE INDEX waiver_due_at_idx ON assay.waiver_due USING btree (due_at) WHERE (handled_at IS NULL)
CREATE INDEX waiver_gate_idx ON assay.waiver USING btree (org_id, gate_id)
CREATE INDEX waiver_newest_idx ON assay.waiver USING btree (org_id, requested_at, waiver_id)
CREATE INDEX waiver_renews_idx ON assay.waiver USING btree (renews) WHERE (renews IS NOT NULL)
CREATE INDEX work_item_entry_idx ON assay.work_item USING btree (org_id, entry_key)
CREATE INDEX work_item_parent_idx ON assay.work_item USING btree (org_id, parent_id)
CREATE INDEX work_item_project_idx ON assay.work_item USING btree (org_id, project_id, case_id)
CREATE UNIQUE INDEX gate_run_step_entry_idx ON assay.gate_run_step USING btree (org_id, entry_key)
CREATE UNIQUE INDEX subject_key_living_idx ON ledger.subject_key USING btree (org_id, subject) WHERE (destroyed_at IS NULL)

-- triggers
CREATE TRIGGER acceptance_criterion_immutable BEFORE DELETE OR UPDATE ON assay.acceptance_criterion FOR EACH ROW EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER acceptance_criterion_no_truncate BEFORE TRUNCATE ON assay.acceptance_criterion FOR EACH STATEMENT EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER access_grant_immutable BEFORE DELETE OR UPDATE ON assay.access_grant FOR EACH ROW EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER access_grant_no_truncate BEFORE TRUNCATE ON assay.access_grant FOR EACH STATEMENT EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER access_grant_revocation_immutable BEFORE DELETE OR UPDATE ON assay.access_grant_revocation FOR EACH ROW EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER access_grant_revocation_no_truncate BEFORE TRUNCATE ON assay.access_grant_revocation FOR EACH STATEMENT EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER artefact_immutable BEFORE DELETE OR UPDATE ON assay.artefact FOR EACH ROW EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER artefact_no_truncate BEFORE TRUNCATE ON assay.artefact FOR EACH STATEMENT EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER artefact_relation_immutable BEFORE DELETE OR UPDATE ON assay.artefact_relation FOR EACH ROW EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER artefact_relation_no_truncate BEFORE TRUNCATE ON assay.artefact_relation FOR EACH STATEMENT EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER artefact_version_immutable BEFORE DELETE OR UPDATE ON assay.artefact_version FOR EACH ROW EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER artefact_version_no_truncate BEFORE TRUNCATE ON assay.artefact_version FOR EACH STATEMENT EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER case_route_immutable BEFORE DELETE OR UPDATE ON assay.case_route FOR EACH ROW EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER case_route_no_truncate BEFORE TRUNCATE ON assay.case_route FOR EACH STATEMENT EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER checklist_activation_immutable BEFORE DELETE OR UPDATE ON assay.checklist_activation FOR EACH ROW EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER checklist_activation_no_truncate BEFORE TRUNCATE ON assay.checklist_activation FOR EACH STATEMENT EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER checklist_version_immutable BEFORE DELETE OR UPDATE ON assay.checklist_version FOR EACH ROW EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER checklist_version_no_truncate BEFORE TRUNCATE ON assay.checklist_version FOR EACH STATEMENT EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER decision_immutable BEFORE DELETE OR UPDATE ON assay.decision FOR EACH ROW EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER decision_no_truncate BEFORE TRUNCATE ON assay.decision FOR EACH STATEMENT EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER decision_stale_immutable BEFORE DELETE OR UPDATE ON assay.decision_stale FOR EACH ROW EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER decision_stale_no_truncate BEFORE TRUNCATE ON assay.decision_stale FOR EACH STATEMENT EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER evidence_immutable BEFORE DELETE OR UPDATE ON assay.evidence FOR EACH ROW EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER evidence_no_truncate BEFORE TRUNCATE ON assay.evidence FOR EACH STATEMENT EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER evidence_report_immutable BEFORE DELETE OR UPDATE ON assay.evidence_report FOR EACH ROW EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER evidence_report_no_truncate BEFORE TRUNCATE ON assay.evidence_report FOR EACH STATEMENT EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER export_immutable BEFORE DELETE OR UPDATE ON assay.export FOR EACH ROW EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER export_no_truncate BEFORE TRUNCATE ON assay.export FOR EACH STATEMENT EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER export_pack_immutable BEFORE DELETE OR UPDATE ON assay.export_pack FOR EACH ROW EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER export_pack_no_truncate BEFORE TRUNCATE ON assay.export_pack FOR EACH STATEMENT EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER fix_task_immutable BEFORE DELETE OR UPDATE ON assay.fix_task FOR EACH ROW EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER fix_task_no_truncate BEFORE TRUNCATE ON assay.fix_task FOR EACH STATEMENT EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER gate_run_step_immutable BEFORE DELETE OR UPDATE ON assay.gate_run_step FOR EACH ROW EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER gate_run_step_no_truncate BEFORE TRUNCATE ON assay.gate_run_step FOR EACH STATEMENT EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER gate_version_immutable BEFORE DELETE OR UPDATE ON assay.gate_version FOR EACH ROW EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER gate_version_no_truncate BEFORE TRUNCATE ON assay.gate_version FOR EACH STATEMENT EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER policy_check_immutable BEFORE DELETE OR UPDATE ON assay.policy_check FOR EACH ROW EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER policy_check_no_truncate BEFORE TRUNCATE ON assay.policy_check FOR EACH STATEMENT EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER policy_retirement_immutable BEFORE DELETE OR UPDATE ON assay.policy_retirement FOR EACH ROW EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER policy_retirement_no_truncate BEFORE TRUNCATE ON assay.policy_retirement FOR EACH STATEMENT EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER policy_review_immutable BEFORE DELETE OR UPDATE ON assay.policy_review FOR EACH ROW EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER policy_review_no_truncate BEFORE TRUNCATE ON assay.policy_review FOR EACH STATEMENT EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER policy_review_outcome_immutable BEFORE DELETE OR UPDATE ON assay.policy_review_outcome FOR EACH ROW EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER policy_review_outcome_no_truncate BEFORE TRUNCATE ON assay.policy_review_outcome FOR EACH STATEMENT EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER policy_revision_immutable BEFORE DELETE OR UPDATE ON assay.policy_revision FOR EACH ROW EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER policy_revision_no_truncate BEFORE TRUNCATE ON assay.policy_revision FOR EACH STATEMENT EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER policy_version_immutable BEFORE DELETE OR UPDATE ON assay.policy_version FOR EACH ROW EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER policy_version_no_truncate BEFORE TRUNCATE ON assay.policy_version FOR EACH STATEMENT EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER principal_guarded BEFORE DELETE OR UPDATE ON assay.principal FOR EACH ROW EXECUTE FUNCTION ledger.refuse_all_but('erased_at', 'display_name', 'issuer', 'subject', 'erased') -- enabled always
CREATE TRIGGER principal_no_truncate BEFORE TRUNCATE ON assay.principal FOR EACH STATEMENT EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER principal_standing_immutable BEFORE DELETE OR UPDATE ON assay.principal_standing FOR EACH ROW EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER principal_standing_no_truncate BEFORE TRUNCATE ON assay.principal_standing FOR EACH STATEMENT EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER process_role_immutable BEFORE DELETE OR UPDATE ON assay.process_role FOR EACH ROW EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER process_role_no_truncate BEFORE TRUNCATE ON assay.process_role FOR EACH STATEMENT EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER process_step_immutable BEFORE DELETE OR UPDATE ON assay.process_step FOR EACH ROW EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER process_step_no_truncate BEFORE TRUNCATE ON assay.process_step FOR EACH STATEMENT EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER process_template_immutable BEFORE DELETE OR UPDATE ON assay.process_template FOR EACH ROW EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER process_template_no_truncate BEFORE TRUNCATE ON assay.process_template FOR EACH STATEMENT EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER scan_immutable BEFORE DELETE OR UPDATE ON assay.scan FOR EACH ROW EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER scan_no_truncate BEFORE TRUNCATE ON assay.scan FOR EACH STATEMENT EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER scan_result_immutable BEFORE DELETE OR UPDATE ON assay.scan_result FOR EACH ROW EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER scan_result_no_truncate BEFORE TRUNCATE ON assay.scan_result FOR EACH STATEMENT EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER waiver_immutable BEFORE DELETE OR UPDATE ON assay.waiver FOR EACH ROW EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER waiver_no_truncate BEFORE TRUNCATE ON assay.waiver FOR EACH STATEMENT EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER waiver_approval_immutable BEFORE DELETE OR UPDATE ON assay.waiver_approval FOR EACH ROW EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER waiver_approval_no_truncate BEFORE TRUNCATE ON assay.waiver_approval FOR EACH STATEMENT EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER waiver_delegation_immutable BEFORE DELETE OR UPDATE ON assay.waiver_delegation FOR EACH ROW EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER waiver_delegation_no_truncate BEFORE TRUNCATE ON assay.waiver_delegation FOR EACH STATEMENT EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER waiver_delegation_withdrawal_immutable BEFORE DELETE OR UPDATE ON assay.waiver_delegation_withdrawal FOR EACH ROW EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER waiver_delegation_withdrawal_no_truncate BEFORE TRUNCATE ON assay.waiver_delegation_withdrawal FOR EACH STATEMENT EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER waiver_escalation_immutable BEFORE DELETE OR UPDATE ON assay.waiver_escalation FOR EACH ROW EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER waiver_escalation_no_truncate BEFORE TRUNCATE ON assay.waiver_escalation FOR EACH STATEMENT EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER waiver_refusal_immutable BEFORE DELETE OR UPDATE ON assay.waiver_refusal FOR EACH ROW EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER waiver_refusal_no_truncate BEFORE TRUNCATE ON assay.waiver_refusal FOR EACH STATEMENT EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER waiver_revocation_immutable BEFORE DELETE OR UPDATE ON assay.waiver_revocation FOR EACH ROW EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER waiver_revocation_no_truncate BEFORE TRUNCATE ON assay.waiver_revocation FOR EACH STATEMENT EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER work_item_immutable BEFORE DELETE OR UPDATE ON assay.work_item FOR EACH ROW EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER work_item_no_truncate BEFORE TRUNCATE ON assay.work_item FOR EACH STATEMENT EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER body_immutable BEFORE DELETE OR UPDATE ON ledger.body FOR EACH ROW EXECUTE FUNCTION ledger.refuse_all_but_erasure() -- enabled always
CREATE TRIGGER body_no_truncate BEFORE TRUNCATE ON ledger.body FOR EACH STATEMENT EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER checkpoint_immutable BEFORE DELETE OR UPDATE ON ledger.checkpoint FOR EACH ROW EXECUTE FUNCTION ledger.refuse_all_but_cosigning() -- enabled always
CREATE TRIGGER checkpoint_no_truncate BEFORE TRUNCATE ON ledger.checkpoint FOR EACH STATEMENT EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER entry_immutable BEFORE DELETE OR UPDATE ON ledger.entry FOR EACH ROW EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER entry_no_truncate BEFORE TRUNCATE ON ledger.entry FOR EACH STATEMENT EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER fact_immutable BEFORE DELETE OR UPDATE ON ledger.fact FOR EACH ROW EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER fact_no_truncate BEFORE TRUNCATE ON ledger.fact FOR EACH STATEMENT EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER hold_guarded BEFORE DELETE OR UPDATE ON ledger.hold FOR EACH ROW EXECUTE FUNCTION ledger.refuse_all_but('lifted_seq', 'lifted') -- enabled always
CREATE TRIGGER hold_no_truncate BEFORE TRUNCATE ON ledger.hold FOR EACH STATEMENT EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER idem_immutable BEFORE DELETE OR UPDATE ON ledger.idem FOR EACH ROW EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER idem_no_truncate BEFORE TRUNCATE ON ledger.idem FOR EACH STATEMENT EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER subject_key_guarded BEFORE DELETE OR UPDATE ON ledger.subject_key FOR EACH ROW EXECUTE FUNCTION ledger.refuse_all_but('destroyed_at', 'wrapped_key', 'destroyed') -- enabled always
CREATE TRIGGER subject_key_no_truncate BEFORE TRUNCATE ON ledger.subject_key FOR EACH STATEMENT EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER tile_immutable BEFORE DELETE OR UPDATE ON ledger.tile FOR EACH ROW EXECUTE FUNCTION assay.refuse_change() -- enabled always
CREATE TRIGGER tile_no_truncate BEFORE TRUNCATE ON ledger.tile FOR EACH STATEMENT EXECUTE FUNCTION assay.refuse_change() -- enabled always

-- policies
assay.acceptance_criterion POLICY auditors PERMISSIVE SELECT TO assay_auditor USING true CHECK -
assay.acceptance_criterion POLICY every_organisation PERMISSIVE ALL TO assay_across USING true CHECK true
assay.acceptance_criterion POLICY told_organisation PERMISSIVE ALL TO public USING (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid) CHECK (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid)
assay.acceptance_criterion POLICY told_projects RESTRICTIVE ALL TO assay_narrowed USING assay.narrowed_to_case(org_id, case_id) CHECK assay.narrowed_to_case(org_id, case_id)
assay.access_grant POLICY auditors PERMISSIVE SELECT TO assay_auditor USING true CHECK -
assay.access_grant POLICY every_organisation PERMISSIVE ALL TO assay_across USING true CHECK true
assay.access_grant POLICY told_organisation PERMISSIVE ALL TO public USING (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid) CHECK (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid)
assay.access_grant POLICY told_projects RESTRICTIVE ALL TO assay_narrowed USING ((project_id = ANY ((NULLIF(current_setting('assay.project_ids'::text, true), ''::text))::uuid[])) OR ((project_id IS NULL) AND ((NULLIF(current_setting('assay.project_ids'::text, true), ''::text))::uuid[] IS NOT NULL))) CHECK (project_id = ANY ((NULLIF(current_setting('assay.project_ids'::text, true), ''::text))::uuid[]))
assay.access_grant_revocation POLICY auditors PERMISSIVE SELECT TO assay_auditor USING true CHECK -
assay.access_grant_revocation POLICY every_organisation PERMISSIVE ALL TO assay_across USING true CHECK true
assay.access_grant_revocation POLICY told_organisation PERMISSIVE ALL TO public USING (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid) CHECK (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid)
assay.access_grant_revocation POLICY told_projects RESTRICTIVE ALL TO assay_narrowed USING assay.narrowed_to_grant(grant_id, true) CHECK assay.narrowed_to_grant(grant_id, false)
assay.artefact POLICY auditors PERMISSIVE SELECT TO assay_auditor USING true CHECK -
assay.artefact POLICY every_organisation PERMISSIVE ALL TO assay_across USING true CHECK true
assay.artefact POLICY told_organisation PERMISSIVE ALL TO public USING (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid) CHECK (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid)
assay.artefact POLICY told_projects RESTRICTIVE ALL TO assay_narrowed USING (project_id = ANY ((NULLIF(current_setting('assay.project_ids'::text, true), ''::text))::uuid[])) CHECK (project_id = ANY ((NULLIF(current_setting('assay.project_ids'::text, true), ''::text))::uuid[]))
assay.artefact_relation POLICY auditors PERMISSIVE SELECT TO assay_auditor USING true CHECK -
assay.artefact_relation POLICY every_organisation PERMISSIVE ALL TO assay_across USING true CHECK true
assay.artefact_relation POLICY told_organisation PERMISSIVE ALL TO public USING (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid) CHECK (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid)
assay.artefact_relation POLICY told_projects RESTRICTIVE ALL TO assay_narrowed USING assay.narrowed_to_artefact(org_id, from_art_id) CHECK assay.narrowed_to_artefact(org_id, from_art_id)
assay.artefact_version POLICY auditors PERMISSIVE SELECT TO assay_auditor USING true CHECK -
assay.artefact_version POLICY every_organisation PERMISSIVE ALL TO assay_across USING true CHECK true
assay.artefact_version POLICY told_organisation PERMISSIVE ALL TO public USING (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid) CHECK (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid)
assay.artefact_version POLICY told_projects RESTRICTIVE ALL TO assay_narrowed USING assay.narrowed_to_artefact(org_id, art_id) CHECK assay.narrowed_to_artefact(org_id, art_id)
assay.case_route POLICY auditors PERMISSIVE SELECT TO assay_auditor USING true CHECK -
assay.case_route POLICY every_organisation PERMISSIVE ALL TO assay_across USING true CHECK true
assay.case_route POLICY told_organisation PERMISSIVE ALL TO public USING (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid) CHECK (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid)
assay.case_route POLICY told_projects RESTRICTIVE ALL TO assay_narrowed USING assay.narrowed_to_case(org_id, case_id) CHECK assay.narrowed_to_case(org_id, case_id)
assay.checklist_activation POLICY auditors PERMISSIVE SELECT TO assay_auditor USING true CHECK -
assay.checklist_activation POLICY every_organisation PERMISSIVE ALL TO assay_across USING true CHECK true
assay.checklist_activation POLICY told_organisation PERMISSIVE ALL TO public USING (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid) CHECK (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid)
assay.checklist_activation POLICY told_projects RESTRICTIVE ALL TO assay_narrowed USING ((NULLIF(current_setting('assay.project_ids'::text, true), ''::text))::uuid[] IS NOT NULL) CHECK false
assay.checklist_version POLICY auditors PERMISSIVE SELECT TO assay_auditor USING true CHECK -
assay.checklist_version POLICY every_organisation PERMISSIVE ALL TO assay_across USING true CHECK true
assay.checklist_version POLICY told_organisation PERMISSIVE ALL TO public USING (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid) CHECK (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid)
assay.checklist_version POLICY told_projects RESTRICTIVE ALL TO assay_narrowed USING ((NULLIF(current_setting('assay.project_ids'::text, true), ''::text))::uuid[] IS NOT NULL) CHECK false
assay.decision POLICY auditors PERMISSIVE SELECT TO assay_auditor USING true CHECK -
assay.decision POLICY every_organisation PERMISSIVE ALL TO assay_across USING true CHECK true
assay.decision POLICY told_organisation PERMISSIVE ALL TO public USING (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid) CHECK (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid)
assay.decision POLICY told_projects RESTRICTIVE ALL TO assay_narrowed USING assay.narrowed_to_gate(org_id, gate_id) CHECK assay.narrowed_to_gate(org_id, gate_id)
assay.decision_stale POLICY auditors PERMISSIVE SELECT TO assay_auditor USING true CHECK -
assay.decision_stale POLICY every_organisation PERMISSIVE ALL TO assay_across USING true CHECK true
assay.decision_stale POLICY told_organisation PERMISSIVE ALL TO public USING (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid) CHECK (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid)
assay.decision_stale POLICY told_projects RESTRICTIVE ALL TO assay_narrowed USING assay.narrowed_to_gate(org_id, gate_id) CHECK assay.narrowed_to_gate(org_id, gate_id)
assay.drift_check POLICY auditors PERMISSIVE SELECT TO assay_auditor USING true CHECK -
assay.drift_check POLICY every_organisation PERMISSIVE ALL TO assay_across USING true CHECK true
assay.drift_check POLICY told_organisation PERMISSIVE ALL TO public USING (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid) CHECK (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid)
assay.drift_check POLICY told_projects RESTRICTIVE ALL TO assay_narrowed USING assay.narrowed_to_gate(org_id, gate_id) CHECK assay.narrowed_to_gate(org_id, gate_id)
assay.evidence POLICY auditors PERMISSIVE SELECT TO assay_auditor USING true CHECK -
assay.evidence POLICY every_organisation PERMISSIVE ALL TO assay_across USING true CHECK true
assay.evidence POLICY told_organisation PERMISSIVE ALL TO public USING (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid) CHECK (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid)
assay.evidence POLICY told_projects RESTRICTIVE ALL TO assay_narrowed USING assay.narrowed_to_artefact(org_id, art_id) CHECK assay.narrowed_to_artefact(org_id, art_id)
assay.evidence_report POLICY auditors PERMISSIVE SELECT TO assay_auditor USING true CHECK -
assay.evidence_report POLICY every_organisation PERMISSIVE ALL TO assay_across USING true CHECK true
assay.evidence_report POLICY told_organisation PERMISSIVE ALL TO public USING (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid) CHECK (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid)
assay.evidence_report POLICY told_projects RESTRICTIVE ALL TO assay_narrowed USING assay.narrowed_to_evidence(evidence_id) CHECK assay.narrowed_to_evidence(evidence_id)
assay.export POLICY auditors PERMISSIVE SELECT TO assay_auditor USING true CHECK -
assay.export POLICY every_organisation PERMISSIVE ALL TO assay_across USING true CHECK true
assay.export POLICY told_organisation PERMISSIVE ALL TO public USING (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid) CHECK (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid)
assay.export POLICY told_projects RESTRICTIVE ALL TO assay_narrowed USING false CHECK false
assay.export_pack POLICY auditors PERMISSIVE SELECT TO assay_auditor USING true CHECK -
assay.export_pack POLICY every_organisation PERMISSIVE ALL TO assay_across USING true CHECK true
assay.export_pack POLICY told_organisation PERMISSIVE ALL TO public USING (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid) CHECK (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid)
assay.export_pack POLICY told_projects RESTRICTIVE ALL TO assay_narrowed USING false CHECK false
assay.export_run POLICY auditors PERMISSIVE SELECT TO assay_auditor USING true CHECK -
assay.export_run POLICY every_organisation PERMISSIVE ALL TO assay_across USING true CHECK true
assay.export_run POLICY told_organisation PERMISSIVE ALL TO public USING (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid) CHECK (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid)
assay.export_run POLICY told_projects RESTRICTIVE ALL TO assay_narrowed USING false CHECK false
assay.fix_task POLICY auditors PERMISSIVE SELECT TO assay_auditor USING true CHECK -
assay.fix_task POLICY every_organisation PERMISSIVE ALL TO assay_across USING true CHECK true
assay.fix_task POLICY told_organisation PERMISSIVE ALL TO public USING (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid) CHECK (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid)
assay.fix_task POLICY told_projects RESTRICTIVE ALL TO assay_narrowed USING (project_id = ANY ((NULLIF(current_setting('assay.project_ids'::text, true), ''::text))::uuid[])) CHECK (project_id = ANY ((NULLIF(current_setting('assay.project_ids'::text, true), ''::text))::uuid[]))
assay.gate POLICY auditors PERMISSIVE SELECT TO assay_auditor USING true CHECK -
assay.gate POLICY every_organisation PERMISSIVE ALL TO assay_across USING true CHECK true
assay.gate POLICY told_organisation PERMISSIVE ALL TO public USING (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid) CHECK (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid)
assay.gate POLICY told_projects RESTRICTIVE ALL TO assay_narrowed USING (project_id = ANY ((NULLIF(current_setting('assay.project_ids'::text, true), ''::text))::uuid[])) CHECK (project_id = ANY ((NULLIF(current_setting('assay.project_ids'::text, true), ''::text))::uuid[]))
assay.gate_run POLICY auditors PERMISSIVE SELECT TO assay_auditor USING true CHECK -
assay.gate_run POLICY every_organisation PERMISSIVE ALL TO assay_across USING true CHECK true
assay.gate_run POLICY told_organisation PERMISSIVE ALL TO public USING (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid) CHECK (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid)
assay.gate_run POLICY told_projects RESTRICTIVE ALL TO assay_narrowed USING assay.narrowed_to_gate(org_id, gate_id) CHECK assay.narrowed_to_gate(org_id, gate_id)
assay.gate_run_step POLICY auditors PERMISSIVE SELECT TO assay_auditor USING true CHECK -
assay.gate_run_step POLICY every_organisation PERMISSIVE ALL TO assay_across USING true CHECK true
assay.gate_run_step POLICY told_organisation PERMISSIVE ALL TO public USING (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid) CHECK (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid)
assay.gate_run_step POLICY told_projects RESTRICTIVE ALL TO assay_narrowed USING assay.narrowed_to_run(run_id) CHECK assay.narrowed_to_run(run_id)
assay.gate_version POLICY auditors PERMISSIVE SELECT TO assay_auditor USING true CHECK -
assay.gate_version POLICY every_organisation PERMISSIVE ALL TO assay_across USING true CHECK true
assay.gate_version POLICY told_organisation PERMISSIVE ALL TO public USING (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid) CHECK (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid)
assay.gate_version POLICY told_projects RESTRICTIVE ALL TO assay_narrowed USING assay.narrowed_to_gate(org_id, gate_id) CHECK assay.narrowed_to_gate(org_id, gate_id)
assay.kpi_criterion POLICY auditors PERMISSIVE SELECT TO assay_auditor USING true CHECK -
assay.kpi_criterion POLICY every_organisation PERMISSIVE ALL TO assay_across USING true CHECK true
assay.kpi_criterion POLICY told_organisation PERMISSIVE ALL TO public USING (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid) CHECK (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid)
assay.kpi_criterion POLICY told_projects RESTRICTIVE ALL TO assay_narrowed USING (project_id = ANY ((NULLIF(current_setting('assay.project_ids'::text, true), ''::text))::uuid[])) CHECK (project_id = ANY ((NULLIF(current_setting('assay.project_ids'::text, true), ''::text))::uuid[]))
assay.kpi_fix POLICY auditors PERMISSIVE SELECT TO assay_auditor USING true CHECK -
assay.kpi_fix POLICY every_organisation PERMISSIVE ALL TO assay_across USING true CHECK true
assay.kpi_fix POLICY told_organisation PERMISSIVE ALL TO public USING (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid) CHECK (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid)
assay.kpi_fix POLICY told_projects RESTRICTIVE ALL TO assay_narrowed USING (project_id = ANY ((NULLIF(current_setting('assay.project_ids'::text, true), ''::text))::uuid[])) CHECK (project_id = ANY ((NULLIF(current_setting('assay.project_ids'::text, true), ''::text))::uuid[]))
assay.kpi_start POLICY auditors PERMISSIVE SELECT TO assay_auditor USING true CHECK -
assay.kpi_start POLICY every_organisation PERMISSIVE ALL TO assay_across USING true CHECK true
assay.kpi_start POLICY told_organisation PERMISSIVE ALL TO public USING (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid) CHECK (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid)
assay.kpi_start POLICY told_projects RESTRICTIVE ALL TO assay_narrowed USING ((NULLIF(current_setting('assay.project_ids'::text, true), ''::text))::uuid[] IS NOT NULL) CHECK false
assay.kpi_unit POLICY auditors PERMISSIVE SELECT TO assay_auditor USING true CHECK -
assay.kpi_unit POLICY every_organisation PERMISSIVE ALL TO assay_across USING true CHECK true
assay.kpi_unit POLICY told_organisation PERMISSIVE ALL TO public USING (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid) CHECK (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid)
assay.kpi_unit POLICY told_projects RESTRICTIVE ALL TO assay_narrowed USING (project_id = ANY ((NULLIF(current_setting('assay.project_ids'::text, true), ''::text))::uuid[])) CHECK (project_id = ANY ((NULLIF(current_setting('assay.project_ids'::text, true), ''::text))::uuid[]))
assay.kpi_waiver POLICY auditors PERMISSIVE SELECT TO assay_auditor USING true CHECK -
assay.kpi_waiver POLICY every_organisation PERMISSIVE ALL TO assay_across USING true CHECK true
assay.kpi_waiver POLICY told_organisation PERMISSIVE ALL TO public USING (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid) CHECK (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid)
assay.kpi_waiver POLICY told_projects RESTRICTIVE ALL TO assay_narrowed USING (project_id = ANY ((NULLIF(current_setting('assay.project_ids'::text, true), ''::text))::uuid[])) CHECK (project_id = ANY ((NULLIF(current_setting('assay.project_ids'::text, true), ''::text))::uuid[]))
assay.organisation POLICY auditors PERMISSIVE SELECT TO assay_auditor USING true CHECK -
assay.organisation POLICY every_organisation PERMISSIVE ALL TO assay_across USING true CHECK true
assay.organisation POLICY told_organisation PERMISSIVE ALL TO public USING (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid) CHECK (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid)
assay.organisation POLICY told_projects RESTRICTIVE ALL TO assay_narrowed USING ((NULLIF(current_setting('assay.project_ids'::text, true), ''::text))::uuid[] IS NOT NULL) CHECK false
assay.policy_check POLICY auditors PERMISSIVE SELECT TO assay_auditor USING true CHECK -
assay.policy_check POLICY every_organisation PERMISSIVE ALL TO assay_across USING true CHECK true
assay.policy_check POLICY told_organisation PERMISSIVE ALL TO public USING (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid) CHECK (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid)
assay.policy_check POLICY told_projects RESTRICTIVE ALL TO assay_narrowed USING ((NULLIF(current_setting('assay.project_ids'::text, true), ''::text))::uuid[] IS NOT NULL) CHECK false
assay.policy_retirement POLICY auditors PERMISSIVE SELECT TO assay_auditor USING true CHECK -
assay.policy_retirement POLICY every_organisation PERMISSIVE ALL TO assay_across USING true CHECK true
assay.policy_retirement POLICY told_organisation PERMISSIVE ALL TO public USING (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid) CHECK (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid)
assay.policy_retirement POLICY told_projects RESTRICTIVE ALL TO assay_narrowed USING ((NULLIF(current_setting('assay.project_ids'::text, true), ''::text))::uuid[] IS NOT NULL) CHECK false
assay.policy_review POLICY auditors PERMISSIVE SELECT TO assay_auditor USING true CHECK -
assay.policy_review POLICY every_organisation PERMISSIVE ALL TO assay_across USING true CHECK true
assay.policy_review POLICY told_organisation PERMISSIVE ALL TO public USING (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid) CHECK (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid)
assay.policy_review POLICY told_projects RESTRICTIVE ALL TO assay_narrowed USING ((NULLIF(current_setting('assay.project_ids'::text, true), ''::text))::uuid[] IS NOT NULL) CHECK false
assay.policy_review_outcome POLICY auditors PERMISSIVE SELECT TO assay_auditor USING true CHECK -
assay.policy_review_outcome POLICY every_organisation PERMISSIVE ALL TO assay_across USING true CHECK true
assay.policy_review_outcome POLICY told_organisation PERMISSIVE ALL TO public USING (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid) CHECK (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid)
assay.policy_review_outcome POLICY told_projects RESTRICTIVE ALL TO assay_narrowed USING ((NULLIF(current_setting('assay.project_ids'::text, true), ''::text))::uuid[] IS NOT NULL) CHECK false
assay.policy_revision POLICY auditors PERMISSIVE SELECT TO assay_auditor USING true CHECK -
assay.policy_revision POLICY every_organisation PERMISSIVE ALL TO assay_across USING true CHECK true
assay.policy_revision POLICY told_organisation PERMISSIVE ALL TO public USING (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid) CHECK (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid)
assay.policy_revision POLICY told_projects RESTRICTIVE ALL TO assay_narrowed USING ((NULLIF(current_setting('assay.project_ids'::text, true), ''::text))::uuid[] IS NOT NULL) CHECK false
assay.policy_version POLICY auditors PERMISSIVE SELECT TO assay_auditor USING true CHECK -
assay.policy_version POLICY every_organisation PERMISSIVE ALL TO assay_across USING true CHECK true
assay.policy_version POLICY told_organisation PERMISSIVE ALL TO public USING (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid) CHECK (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid)
assay.policy_version POLICY told_projects RESTRICTIVE ALL TO assay_narrowed USING ((NULLIF(current_setting('assay.project_ids'::text, true), ''::text))::uuid[] IS NOT NULL) CHECK false
assay.principal POLICY auditors PERMISSIVE SELECT TO assay_auditor USING true CHECK -
assay.principal POLICY every_organisation PERMISSIVE ALL TO assay_across USING true CHECK true
assay.principal POLICY told_organisation PERMISSIVE ALL TO public USING (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid) CHECK (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid)
assay.principal POLICY told_projects RESTRICTIVE ALL TO assay_narrowed USING ((NULLIF(current_setting('assay.project_ids'::text, true), ''::text))::uuid[] IS NOT NULL) CHECK false
assay.principal_standing POLICY auditors PERMISSIVE SELECT TO assay_auditor USING true CHECK -
assay.principal_standing POLICY every_organisation PERMISSIVE ALL TO assay_across USING true CHECK true
assay.principal_standing POLICY told_organisation PERMISSIVE ALL TO public USING (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid) CHECK (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid)
assay.principal_standing POLICY told_projects RESTRICTIVE ALL TO assay_narrowed USING ((NULLIF(current_setting('assay.project_ids'::text, true), ''::text))::uuid[] IS NOT NULL) CHECK false
assay.process_role POLICY auditors PERMISSIVE SELECT TO assay_auditor USING true CHECK -
assay.process_role POLICY every_organisation PERMISSIVE ALL TO assay_across USING true CHECK true
assay.process_role POLICY told_organisation PERMISSIVE ALL TO public USING (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid) CHECK (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid)
assay.process_role POLICY told_projects RESTRICTIVE ALL TO assay_narrowed USING (project_id = ANY ((NULLIF(current_setting('assay.project_ids'::text, true), ''::text))::uuid[])) CHECK (project_id = ANY ((NULLIF(current_setting('assay.project_ids'::text, true), ''::text))::uuid[]))
assay.process_step POLICY auditors PERMISSIVE SELECT TO assay_auditor USING true CHECK -
assay.process_step POLICY every_organisation PERMISSIVE ALL TO assay_across USING true CHECK true
assay.process_step POLICY told_organisation PERMISSIVE ALL TO public USING (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid) CHECK (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid)
assay.process_step POLICY told_projects RESTRICTIVE ALL TO assay_narrowed USING assay.narrowed_to_case(org_id, case_id) CHECK assay.narrowed_to_case(org_id, case_id)
assay.process_template POLICY auditors PERMISSIVE SELECT TO assay_auditor USING true CHECK -
assay.process_template POLICY every_organisation PERMISSIVE ALL TO assay_across USING true CHECK true
assay.process_template POLICY told_organisation PERMISSIVE ALL TO public USING (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid) CHECK (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid)
assay.process_template POLICY told_projects RESTRICTIVE ALL TO assay_narrowed USING ((NULLIF(current_setting('assay.project_ids'::text, true), ''::text))::uuid[] IS NOT NULL) CHECK false
assay.project POLICY auditors PERMISSIVE SELECT TO assay_auditor USING true CHECK -
assay.project POLICY every_organisation PERMISSIVE ALL TO assay_across USING true CHECK true
assay.project POLICY told_organisation PERMISSIVE ALL TO public USING (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid) CHECK (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid)
assay.project POLICY told_projects RESTRICTIVE ALL TO assay_narrowed USING (project_id = ANY ((NULLIF(current_setting('assay.project_ids'::text, true), ''::text))::uuid[])) CHECK (project_id = ANY ((NULLIF(current_setting('assay.project_ids'::text, true), ''::text))::uuid[]))
assay.rate_window POLICY auditors PERMISSIVE SELECT TO assay_auditor USING true CHECK -
assay.rate_window POLICY every_organisation PERMISSIVE ALL TO assay_across USING true CHECK true
assay.rate_window POLICY told_organisation PERMISSIVE ALL TO public USING (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid) CHECK (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid)
assay.rate_window POLICY told_projects RESTRICTIVE ALL TO assay_narrowed USING false CHECK false
assay.scan POLICY auditors PERMISSIVE SELECT TO assay_auditor USING true CHECK -
assay.scan POLICY every_organisation PERMISSIVE ALL TO assay_across USING true CHECK true
assay.scan POLICY told_organisation PERMISSIVE ALL TO public USING (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid) CHECK (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid)
assay.scan POLICY told_projects RESTRICTIVE ALL TO assay_narrowed USING assay.narrowed_to_artefact(org_id, art_id) CHECK assay.narrowed_to_artefact(org_id, art_id)
assay.scan_result POLICY auditors PERMISSIVE SELECT TO assay_auditor USING true CHECK -
assay.scan_result POLICY every_organisation PERMISSIVE ALL TO assay_across USING true CHECK true
assay.scan_result POLICY told_organisation PERMISSIVE ALL TO public USING (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid) CHECK (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid)
assay.scan_result POLICY told_projects RESTRICTIVE ALL TO assay_narrowed USING assay.narrowed_to_scan(scan_id) CHECK assay.narrowed_to_scan(scan_id)
assay.scan_run POLICY auditors PERMISSIVE SELECT TO assay_auditor USING true CHECK -
assay.scan_run POLICY every_organisation PERMISSIVE ALL TO assay_across USING true CHECK true
assay.scan_run POLICY told_organisation PERMISSIVE ALL TO public USING (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid) CHECK (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid)
assay.scan_run POLICY told_projects RESTRICTIVE ALL TO assay_narrowed USING assay.narrowed_to_scan(scan_id) CHECK assay.narrowed_to_scan(scan_id)
assay.scan_source POLICY auditors PERMISSIVE SELECT TO assay_auditor USING true CHECK -
assay.scan_source POLICY every_organisation PERMISSIVE ALL TO assay_across USING true CHECK true
assay.scan_source POLICY told_organisation PERMISSIVE ALL TO public USING (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid) CHECK (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid)
assay.scan_source POLICY told_projects RESTRICTIVE ALL TO assay_narrowed USING assay.narrowed_to_source(org_id, digest) CHECK assay.narrowed_to_source(org_id, digest)
assay.standing_decision POLICY auditors PERMISSIVE SELECT TO assay_auditor USING true CHECK -
assay.standing_decision POLICY every_organisation PERMISSIVE ALL TO assay_across USING true CHECK true
assay.standing_decision POLICY told_organisation PERMISSIVE ALL TO public USING (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid) CHECK (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid)
assay.standing_decision POLICY told_projects RESTRICTIVE ALL TO assay_narrowed USING (project_id = ANY ((NULLIF(current_setting('assay.project_ids'::text, true), ''::text))::uuid[])) CHECK (project_id = ANY ((NULLIF(current_setting('assay.project_ids'::text, true), ''::text))::uuid[]))
assay.waiver POLICY auditors PERMISSIVE SELECT TO assay_auditor USING true CHECK -
assay.waiver POLICY every_organisation PERMISSIVE ALL TO assay_across USING true CHECK true
assay.waiver POLICY told_organisation PERMISSIVE ALL TO public USING (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid) CHECK (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid)
assay.waiver POLICY told_projects RESTRICTIVE ALL TO assay_narrowed USING 
CASE
    WHEN (gate_id IS NULL) THEN ((NULLIF(current_setting('assay.project_ids'::text, true), ''::text))::uuid[] IS NOT NULL)
    ELSE assay.narrowed_to_gate(org_id, gate_id)
END CHECK assay.narrowed_to_gate(org_id, gate_id)
assay.waiver_approval POLICY auditors PERMISSIVE SELECT TO assay_auditor USING true CHECK -
assay.waiver_approval POLICY every_organisation PERMISSIVE ALL TO assay_across USING true CHECK true
assay.waiver_approval POLICY told_organisation PERMISSIVE ALL TO public USING (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid) CHECK (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid)
assay.waiver_approval POLICY told_projects RESTRICTIVE ALL TO assay_narrowed USING assay.narrowed_to_waiver(waiver_id, true) CHECK assay.narrowed_to_waiver(waiver_id, false)
assay.waiver_delegation POLICY auditors PERMISSIVE SELECT TO assay_auditor USING true CHECK -
assay.waiver_delegation POLICY every_organisation PERMISSIVE ALL TO assay_across USING true CHECK true
assay.waiver_delegation POLICY told_organisation PERMISSIVE ALL TO public USING (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid) CHECK (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid)
assay.waiver_delegation POLICY told_projects RESTRICTIVE ALL TO assay_narrowed USING ((NULLIF(current_setting('assay.project_ids'::text, true), ''::text))::uuid[] IS NOT NULL) CHECK false
assay.waiver_delegation_withdrawal POLICY auditors PERMISSIVE SELECT TO assay_auditor USING true CHECK -
assay.waiver_delegation_withdrawal POLICY every_organisation PERMISSIVE ALL TO assay_across USING true CHECK true
assay.waiver_delegation_withdrawal POLICY told_organisation PERMISSIVE ALL TO public USING (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid) CHECK (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid)
assay.waiver_delegation_withdrawal POLICY told_projects RESTRICTIVE ALL TO assay_narrowed USING ((NULLIF(current_setting('assay.project_ids'::text, true), ''::text))::uuid[] IS NOT NULL) CHECK false
assay.waiver_due POLICY auditors PERMISSIVE SELECT TO assay_auditor USING true CHECK -
assay.waiver_due POLICY every_organisation PERMISSIVE ALL TO assay_across USING true CHECK true
assay.waiver_due POLICY told_organisation PERMISSIVE ALL TO public USING (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid) CHECK (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid)
assay.waiver_due POLICY told_projects RESTRICTIVE ALL TO assay_narrowed USING assay.narrowed_to_waiver(waiver_id, true) CHECK assay.narrowed_to_waiver(waiver_id, false)
assay.waiver_escalation POLICY auditors PERMISSIVE SELECT TO assay_auditor USING true CHECK -
assay.waiver_escalation POLICY every_organisation PERMISSIVE ALL TO assay_across USING true CHECK true
assay.waiver_escalation POLICY told_organisation PERMISSIVE ALL TO public USING (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid) CHECK (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid)
assay.waiver_escalation POLICY told_projects RESTRICTIVE ALL TO assay_narrowed USING assay.narrowed_to_waiver(waiver_id, true) CHECK assay.narrowed_to_waiver(waiver_id, false)
assay.waiver_refusal POLICY auditors PERMISSIVE SELECT TO assay_auditor USING true CHECK -
assay.waiver_refusal POLICY every_organisation PERMISSIVE ALL TO assay_across USING true CHECK true
assay.waiver_refusal POLICY told_organisation PERMISSIVE ALL TO public USING (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid) CHECK (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid)
assay.waiver_refusal POLICY told_projects RESTRICTIVE ALL TO assay_narrowed USING assay.narrowed_to_waiver(waiver_id, true) CHECK assay.narrowed_to_waiver(waiver_id, false)
assay.waiver_revocation POLICY auditors PERMISSIVE SELECT TO assay_auditor USING true CHECK -
assay.waiver_revocation POLICY every_organisation PERMISSIVE ALL TO assay_across USING true CHECK true
assay.waiver_revocation POLICY told_organisation PERMISSIVE ALL TO public USING (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid) CHECK (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid)
assay.waiver_revocation POLICY told_projects RESTRICTIVE ALL TO assay_narrowed USING assay.narrowed_to_waiver(waiver_id, true) CHECK assay.narrowed_to_waiver(waiver_id, false)
assay.work_item POLICY auditors PERMISSIVE SELECT TO assay_auditor USING true CHECK -
assay.work_item POLICY every_organisation PERMISSIVE ALL TO assay_across USING true CHECK true
assay.work_item POLICY told_organisation PERMISSIVE ALL TO public USING (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid) CHECK (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid)
assay.work_item POLICY told_projects RESTRICTIVE ALL TO assay_narrowed USING (project_id = ANY ((NULLIF(current_setting('assay.project_ids'::text, true), ''::text))::uuid[])) CHECK (project_id = ANY ((NULLIF(current_setting('assay.project_ids'::text, true), ''::text))::uuid[]))
ledger.body POLICY auditors PERMISSIVE SELECT TO assay_auditor USING true CHECK -
ledger.body POLICY every_organisation PERMISSIVE ALL TO assay_across USING true CHECK true
ledger.body POLICY told_organisation PERMISSIVE ALL TO public USING (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid) CHECK (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid)
ledger.body POLICY told_projects RESTRICTIVE ALL TO assay_narrowed USING assay.narrowed_to_entry(seq) CHECK assay.narrowed_to_entry(seq)
ledger.fact POLICY auditors PERMISSIVE SELECT TO assay_auditor USING true CHECK -
ledger.fact POLICY every_organisation PERMISSIVE ALL TO assay_across USING true CHECK true
ledger.fact POLICY told_organisation PERMISSIVE ALL TO public USING (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid) CHECK (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid)
ledger.fact POLICY told_projects RESTRICTIVE ALL TO assay_narrowed USING assay.narrowed_to_fact(org_id, kind, gate_id, art_id, case_id, statement) CHECK assay.narrowed_to_fact(org_id, kind, gate_id, art_id, case_id, statement)
ledger.hold POLICY auditors PERMISSIVE SELECT TO assay_auditor USING true CHECK -
ledger.hold POLICY every_organisation PERMISSIVE ALL TO assay_across USING true CHECK true
ledger.hold POLICY told_organisation PERMISSIVE ALL TO public USING (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid) CHECK (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid)
ledger.hold POLICY told_projects RESTRICTIVE ALL TO assay_narrowed USING false CHECK false
ledger.subject_key POLICY auditors PERMISSIVE SELECT TO assay_auditor USING true CHECK -
ledger.subject_key POLICY every_organisation PERMISSIVE ALL TO assay_across USING true CHECK true
ledger.subject_key POLICY told_organisation PERMISSIVE ALL TO public USING (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid) CHECK (org_id = (NULLIF(current_setting('assay.org_id'::text, true), ''::text))::uuid)
ledger.subject_key POLICY told_projects RESTRICTIVE ALL TO assay_narrowed USING ((NULLIF(current_setting('assay.project_ids'::text, true), ''::text))::uuid[] IS NOT NULL) CHECK false

-- sequences
SEQUENCE assay.migration_id_seq integer

-- views
VIEW ledger.continuation AS  SELECT f.seq,
    e.leaf,
    f.statement
   FROM (ledger.fact f
     JOIN ledger.entry e ON ((e.seq = f.seq)))
  WHERE (f.kind = 'log.continued'::text);
VIEW ledger.reader_decision AS  SELECT decision_id,
    org_id,
    gate_id,
    art_id,
    artefact_digest,
    chk_id,
    checklist_version,
    checklist_digest,
    inputs_digest,
    as_of,
    valid_until,
    verdict,
    verdict_without_waivers,
    document,
    document_digest,
    decided_at,
    entry_key
   FROM assay.decision d
  WHERE (org_id IN ( SELECT r.org_id
           FROM ledger.reader r
          WHERE (r.login = SESSION_USER)));
VIEW ledger.reader_entry AS  SELECT f.seq,
    f.statement,
    f.org_id,
    f.kind,
    f.actor,
    f.ts_start,
    f.ts_end,
    f.case_id,
    f.act_id,
    f.gate_id,
    f.art_id,
    f.artefact_digest,
    f.decision_id,
    f.result,
    f.severity,
    f.waiver_ids,
    e.at,
    e.leaf,
    e.leaf_hash
   FROM (ledger.fact f
     JOIN ledger.entry e ON ((e.seq = f.seq)))
  WHERE (f.org_id IN ( SELECT r.org_id
           FROM ledger.reader r
          WHERE (r.login = SESSION_USER)));

-- functions
CREATE OR REPLACE FUNCTION assay.drop_untold_standing()
 RETURNS bigint
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
          WITH dropped AS (
            DELETE FROM assay.standing_decision d
             WHERE NOT EXISTS (SELECT FROM ledger.fact f
                WHERE f.kind = 'decision.recorded' AND f.org_id = d.org_id AND f.gate_id = d.gate_id
                  AND f.art_id = d.art_id AND f.artefact_digest = d.artefact_digest)
            RETURNING 1)
          SELECT count(*) FROM dropped
        $function$
CREATE OR REPLACE FUNCTION assay.empty_insight()
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
      BEGIN
        TRUNCATE assay.kpi_start, assay.kpi_unit, assay.kpi_criterion, assay.kpi_waiver, assay.kpi_fix;
        DELETE FROM ledger.cursor WHERE reader = 'insight';
      END $function$
CREATE OR REPLACE FUNCTION assay.narrowed_to_artefact(of_org uuid, of_art text)
 RETURNS boolean
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$ BEGIN RETURN EXISTS (SELECT FROM assay.artefact a WHERE a.org_id = of_org AND a.art_id = of_art AND a.project_id = ANY (nullif(current_setting('assay.project_ids', true), '')::uuid[])); END $function$
CREATE OR REPLACE FUNCTION assay.narrowed_to_case(of_org uuid, of_case text)
 RETURNS boolean
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$ BEGIN RETURN EXISTS (SELECT FROM assay.work_item i WHERE i.org_id = of_org AND i.case_id = of_case AND i.project_id = ANY (nullif(current_setting('assay.project_ids', true), '')::uuid[])); END $function$
CREATE OR REPLACE FUNCTION assay.narrowed_to_entry(of_seq bigint)
 RETURNS boolean
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$ BEGIN RETURN EXISTS (SELECT FROM ledger.fact f WHERE f.seq = of_seq
                        AND assay.narrowed_to_fact(f.org_id, f.kind, f.gate_id, f.art_id, f.case_id, f.statement)); END $function$
CREATE OR REPLACE FUNCTION assay.narrowed_to_evidence(of_evidence uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$ BEGIN RETURN EXISTS (SELECT FROM assay.evidence e JOIN assay.artefact a USING (org_id, art_id)
                      WHERE e.evidence_id = of_evidence AND a.project_id = ANY (nullif(current_setting('assay.project_ids', true), '')::uuid[])); END $function$
CREATE OR REPLACE FUNCTION assay.narrowed_to_fact(of_org uuid, of_kind text, of_gate text, of_art text, of_case text, said text)
 RETURNS boolean
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$ BEGIN RETURN CASE WHEN of_gate IS NOT NULL THEN assay.narrowed_to_gate(of_org, of_gate)
                  WHEN of_kind LIKE 'waiver.%' THEN nullif(current_setting('assay.project_ids', true), '')::uuid[] IS NOT NULL
                  WHEN of_art IS NOT NULL THEN assay.narrowed_to_artefact(of_org, of_art)
                  WHEN of_case IS NOT NULL THEN assay.narrowed_to_case(of_org, of_case)
                  WHEN said::jsonb #>> '{predicate,urn:assay:facts:v1,projectId}' IS NULL THEN nullif(current_setting('assay.project_ids', true), '')::uuid[] IS NOT NULL
                  ELSE (said::jsonb #>> '{predicate,urn:assay:facts:v1,projectId}')::uuid = ANY (nullif(current_setting('assay.project_ids', true), '')::uuid[]) END; END $function$
CREATE OR REPLACE FUNCTION assay.narrowed_to_gate(of_org uuid, of_gate text)
 RETURNS boolean
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$ BEGIN RETURN EXISTS (SELECT FROM assay.gate g WHERE g.org_id = of_org AND g.gate_id = of_gate AND g.project_id = ANY (nullif(current_setting('assay.project_ids', true), '')::uuid[])); END $function$
CREATE OR REPLACE FUNCTION assay.narrowed_to_grant(of_grant uuid, or_whole boolean)
 RETURNS boolean
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$ BEGIN RETURN EXISTS (SELECT FROM assay.access_grant g WHERE g.grant_id = of_grant
                        AND (g.project_id = ANY (nullif(current_setting('assay.project_ids', true), '')::uuid[]) OR (or_whole AND g.project_id IS NULL AND nullif(current_setting('assay.project_ids', true), '')::uuid[] IS NOT NULL))); END $function$
CREATE OR REPLACE FUNCTION assay.narrowed_to_run(of_run uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$ BEGIN RETURN EXISTS (SELECT FROM assay.gate_run r JOIN assay.gate g USING (org_id, gate_id)
                      WHERE r.run_id = of_run AND g.project_id = ANY (nullif(current_setting('assay.project_ids', true), '')::uuid[])); END $function$
CREATE OR REPLACE FUNCTION assay.narrowed_to_scan(of_scan uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$ BEGIN RETURN EXISTS (SELECT FROM assay.scan s JOIN assay.artefact a USING (org_id, art_id)
                      WHERE s.scan_id = of_scan AND a.project_id = ANY (nullif(current_setting('assay.project_ids', true), '')::uuid[])); END $function$
CREATE OR REPLACE FUNCTION assay.narrowed_to_source(of_org uuid, of_digest text)
 RETURNS boolean
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$ BEGIN RETURN EXISTS (SELECT FROM assay.scan s JOIN assay.artefact a USING (org_id, art_id)
                      WHERE s.org_id = of_org AND s.source_digest = of_digest AND a.project_id = ANY (nullif(current_setting('assay.project_ids', true), '')::uuid[])); END $function$
CREATE OR REPLACE FUNCTION assay.narrowed_to_waiver(of_waiver uuid, or_whole boolean)
 RETURNS boolean
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$ BEGIN RETURN EXISTS (SELECT FROM assay.waiver w LEFT JOIN assay.gate g USING (org_id, gate_id)
                      WHERE w.waiver_id = of_waiver
                        AND (g.project_id = ANY (nullif(current_setting('assay.project_ids', true), '')::uuid[]) OR (or_whole AND w.gate_id IS NULL AND nullif(current_setting('assay.project_ids', true), '')::uuid[] IS NOT NULL))); END $function$
CREATE OR REPLACE FUNCTION assay.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
      BEGIN
        RAISE EXCEPTION '%.% is append-only: % refused', TG_TABLE_SCHEMA, TG_TABLE_NAME, TG_OP
          USING ERRCODE = '42501';
      END $function$
CREATE OR REPLACE FUNCTION ledger.append_batch(leaves text, facts text, bodies text, keys bytea, digests bytea)
 RETURNS TABLE(ordinal integer, seq bigint, outcome text)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET lock_timeout TO '10s'
 SET enable_seqscan TO 'off'
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
  #variable_conflict use_column
  DECLARE
    leaf_lines text[] := string_to_array(leaves, chr(10));
    fact_lines text[] := string_to_array(facts, chr(10));
    body_lines text[] := string_to_array(bodies, chr(10));
    records integer := cardinality(leaf_lines);
    numbers bigint[];
  BEGIN
    IF records NOT BETWEEN 1 AND 1000 OR cardinality(fact_lines) <> records OR cardinality(body_lines) <> records
      OR octet_length(keys) <> records * 16 OR octet_length(digests) <> records * 32
    THEN RAISE EXCEPTION 'append_batch: counts disagree' USING ERRCODE = '22023'; END IF;
    IF EXISTS (SELECT FROM unnest(leaf_lines) AS line WHERE octet_length(line) NOT BETWEEN 1 AND 65535)
    THEN RAISE EXCEPTION 'append_batch: a leaf is 1 to 65535 bytes' USING ERRCODE = '22023'; END IF;
    IF ltrim(bodies, '[]' || chr(10)) = '' THEN body_lines := NULL; -- nobody's
    ELSE PERFORM ledger.hold_keys(body_lines); END IF;

    numbers := ledger.write_entries(leaf_lines, fact_lines, body_lines, keys, digests);
    IF NOT -1 = ANY (numbers) THEN
      RETURN QUERY SELECT 0, numbers[1], 'created'::text;
      RETURN;
    END IF;
    RETURN QUERY -- some key was known, or is twice in the batch
      SELECT i, known.seq, CASE
        WHEN numbers[i] >= 0 THEN 'created'
        WHEN known.content_digest = substr(digests, (i - 1) * 32 + 1, 32) THEN 'exists'
        ELSE 'conflict' END
      FROM generate_series(1, records) AS i
      JOIN ledger.idem AS known ON known.idem_key = substr(keys, (i - 1) * 16 + 1, 16)
      ORDER BY i;
  END $function$
CREATE OR REPLACE FUNCTION ledger.erase_person(org uuid, person uuid, leaf text, fact text, bodies text, key bytea, digest bytea)
 RETURNS TABLE(outcome text, seq bigint, holds uuid[])
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET lock_timeout TO '10s'
AS $function$
  #variable_conflict use_column
  DECLARE
    pseudonym text;
    held uuid[];
  BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('assay/hold/' || org::text, 0)); -- no hold is set meanwhile
    IF NOT EXISTS (SELECT FROM ledger.idem i WHERE i.idem_key = key) THEN
      -- The entry that added the principal names the person's pseudonym, which we could not compute.
      SELECT b.subject INTO pseudonym FROM assay.principal p
        JOIN ledger.idem i ON i.idem_key = p.entry_key
        JOIN ledger.fact f ON f.seq = i.seq JOIN ledger.body b ON b.seq = i.seq
        WHERE p.principal_id = person AND p.org_id = org AND b.org_id = org AND b.subject <> f.actor;
      IF pseudonym IS NULL THEN RETURN QUERY SELECT 'unknown'::text, NULL::bigint, '{}'::uuid[]; RETURN; END IF;
      IF NOT ledger.states(fact, org, 'person.erased', '{persons,erased}', pseudonym)
      THEN RAISE EXCEPTION 'erase_person: the statement does not say so' USING ERRCODE = '22023'; END IF;

      PERFORM FROM ledger.subject_key k
        WHERE k.org_id = org AND k.subject = pseudonym AND k.destroyed_at IS NULL FOR UPDATE;
      PERFORM FROM ledger.seqcoord c WHERE c.id = 1 FOR UPDATE;
      held := ARRAY(SELECT ledger.holds_on(org, pseudonym));
      IF cardinality(held) > 0 THEN RETURN QUERY SELECT 'held'::text, NULL::bigint, held; RETURN; END IF;

      UPDATE ledger.subject_key SET wrapped_key = NULL, destroyed_at = clock_timestamp()
        WHERE org_id = org AND subject = pseudonym AND destroyed_at IS NULL;
      UPDATE ledger.body SET ciphertext = NULL, erased_at = clock_timestamp()
        WHERE org_id = org AND subject = pseudonym AND erased_at IS NULL;
      UPDATE assay.principal
        SET display_name = '', issuer = 'erased', subject = principal_id::text, erased_at = clock_timestamp()
        WHERE principal_id = person AND erased_at IS NULL;
    END IF;
    RETURN QUERY SELECT a.outcome, a.seq, '{}'::uuid[] FROM ledger.append_batch(leaf, fact, bodies, key, digest) a;
  END $function$
CREATE OR REPLACE FUNCTION ledger.hold_keys(bodies text[])
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  DECLARE
    used record;
  BEGIN
    FOR used IN
      SELECT DISTINCT b.key_id, b.subject FROM unnest(bodies) AS list
      CROSS JOIN jsonb_to_recordset(list::jsonb) AS b(subject text, key_id uuid)
      WHERE list <> '[]' ORDER BY 1, 2
    LOOP
      PERFORM FROM ledger.subject_key k
        WHERE k.key_id = used.key_id AND k.subject = used.subject AND k.destroyed_at IS NULL FOR SHARE;
      IF NOT FOUND THEN
        RAISE EXCEPTION 'the data key % is destroyed', used.key_id USING ERRCODE = '40001';
      END IF;
    END LOOP;
  END $function$
CREATE OR REPLACE FUNCTION ledger.holds_on(org uuid, person text)
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    SELECT h.id FROM ledger.hold h
    WHERE h.org_id = org AND h.lifted_seq IS NULL AND (h.until IS NULL OR h.until > clock_timestamp())
      AND (h.scope = 'everything' OR h.scope = 'person:' || person OR EXISTS (
        SELECT FROM ledger.fact f
        WHERE f.org_id = org AND (h.scope = 'case:' || f.case_id OR h.scope = 'artefact:' || f.art_id)
          AND (f.actor = person
            OR EXISTS (SELECT FROM ledger.body b WHERE b.seq = f.seq AND b.subject = person)
            OR EXISTS (SELECT FROM jsonb_each_text(f.statement::jsonb #> '{predicate,urn:assay:facts:v1,persons}') p
                       WHERE p.value = person))))
    ORDER BY h.entry_seq
  $function$
CREATE OR REPLACE FUNCTION ledger.lift_hold(org uuid, hold_id uuid, leaf text, fact text, bodies text, key bytea, digest bytea)
 RETURNS TABLE(outcome text, seq bigint)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET lock_timeout TO '10s'
AS $function$
  #variable_conflict use_column
  DECLARE
    standing record;
    appended record;
  BEGIN
    IF NOT ledger.states(fact, org, 'hold.lifted', '{details,holdId}', hold_id::text)
    THEN RAISE EXCEPTION 'lift_hold: the statement does not say so' USING ERRCODE = '22023'; END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('assay/hold/' || org::text, 0));
    SELECT h.lifted_seq INTO standing FROM ledger.hold h WHERE h.id = hold_id AND h.org_id = org FOR UPDATE;
    IF NOT FOUND THEN RETURN QUERY SELECT 'unknown'::text, NULL::bigint; RETURN; END IF;
    IF standing.lifted_seq IS NOT NULL AND NOT EXISTS (SELECT FROM ledger.idem i WHERE i.idem_key = key)
    THEN RETURN QUERY SELECT 'lifted'::text, standing.lifted_seq; RETURN; END IF;
    SELECT a.outcome, a.seq INTO STRICT appended FROM ledger.append_batch(leaf, fact, bodies, key, digest) a;
    IF appended.outcome = 'created' THEN
      UPDATE ledger.hold SET lifted_seq = appended.seq WHERE id = hold_id;
    END IF;
    RETURN QUERY SELECT appended.outcome, appended.seq;
  END $function$
CREATE OR REPLACE FUNCTION ledger.living_key(org uuid, person text, offered_id uuid, offered_key bytea)
 RETURNS TABLE(key_id uuid, wrapped_key bytea)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  #variable_conflict use_column
  BEGIN
    LOOP
      INSERT INTO ledger.subject_key (key_id, org_id, subject, wrapped_key)
        VALUES (offered_id, org, person, offered_key)
        ON CONFLICT (org_id, subject) WHERE destroyed_at IS NULL DO NOTHING;
      RETURN QUERY SELECT k.key_id, k.wrapped_key FROM ledger.subject_key k
        WHERE k.org_id = org AND k.subject = person AND k.destroyed_at IS NULL FOR SHARE;
      EXIT WHEN FOUND; -- not when it was destroyed while we waited
    END LOOP;
  END $function$
CREATE OR REPLACE FUNCTION ledger.living_keys(orgs uuid[], persons text[], offered_ids uuid[], offered_keys bytea[])
 RETURNS TABLE(org_id uuid, subject text, key_id uuid, wrapped_key bytea)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_seqscan TO 'off'
AS $function$
  #variable_conflict use_column
  DECLARE
    found integer;
  BEGIN
    INSERT INTO ledger.subject_key (key_id, org_id, subject, wrapped_key)
      SELECT id, org, person, key FROM unnest(orgs, persons, offered_ids, offered_keys) AS o(org, person, id, key)
      ORDER BY org, person -- one order for all callers: who offers for the same people waits, and does not deadlock
      ON CONFLICT (org_id, subject) WHERE destroyed_at IS NULL DO NOTHING;
    RETURN QUERY SELECT k.org_id, k.subject, k.key_id, k.wrapped_key
      FROM unnest(orgs, persons) AS o(org, person)
      JOIN ledger.subject_key k ON k.org_id = o.org AND k.subject = o.person AND k.destroyed_at IS NULL;
    GET DIAGNOSTICS found = ROW_COUNT;
    IF found <> cardinality(persons) THEN -- erased between the two statements
      RAISE EXCEPTION 'a data key was destroyed meanwhile' USING ERRCODE = '40001';
    END IF;
  END $function$
CREATE OR REPLACE FUNCTION ledger.refuse_all_but()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  DECLARE
    may_change text[] := TG_ARGV[0 : TG_NARGS - 2];
  BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(OLD) ->> TG_ARGV[0] IS NULL AND to_jsonb(NEW) ->> TG_ARGV[0] IS NOT NULL
      AND to_jsonb(NEW) - may_change = to_jsonb(OLD) - may_change
    THEN RETURN NEW; END IF;
    RAISE EXCEPTION '%.% can only be %: % refused', TG_TABLE_SCHEMA, TG_TABLE_NAME, TG_ARGV[TG_NARGS - 1], TG_OP
      USING ERRCODE = '42501';
  END $function$
CREATE OR REPLACE FUNCTION ledger.refuse_all_but_cosigning()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  BEGIN
    IF TG_OP = 'UPDATE' AND OLD.cosigned IS NULL AND NEW.cosigned IS NOT NULL
      AND (NEW.size, NEW.root, NEW.note, NEW.created) = (OLD.size, OLD.root, OLD.note, OLD.created)
    THEN RETURN NEW; END IF;
    RAISE EXCEPTION '%.% is append-only: % refused', TG_TABLE_SCHEMA, TG_TABLE_NAME, TG_OP
      USING ERRCODE = '42501';
  END $function$
CREATE OR REPLACE FUNCTION ledger.refuse_all_but_erasure()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  BEGIN
    IF TG_OP = 'UPDATE' AND OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL AND NEW.ciphertext IS NULL
      AND (NEW.seq, NEW.subject, NEW.org_id, NEW.key_id, NEW.retention_class)
        = (OLD.seq, OLD.subject, OLD.org_id, OLD.key_id, OLD.retention_class)
    THEN RETURN NEW; END IF;
    RAISE EXCEPTION '%.% can only be erased: % refused', TG_TABLE_SCHEMA, TG_TABLE_NAME, TG_OP
      USING ERRCODE = '42501';
  END $function$
CREATE OR REPLACE FUNCTION ledger.set_hold(org uuid, hold_id uuid, hold_scope text, hold_until timestamp with time zone, leaf text, fact text, bodies text, key bytea, digest bytea)
 RETURNS TABLE(outcome text, seq bigint)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET lock_timeout TO '10s'
AS $function$
  #variable_conflict use_column
  DECLARE
    appended record;
  BEGIN
    IF NOT (ledger.states(fact, org, 'hold.set', '{details,holdId}', hold_id::text)
        AND ledger.states(fact, org, 'hold.set', '{details,scope}', hold_scope)
        AND (fact::jsonb #>> '{predicate,urn:assay:facts:v1,details,until}')::timestamptz
          IS NOT DISTINCT FROM hold_until)
    THEN RAISE EXCEPTION 'set_hold: the statement does not say so' USING ERRCODE = '22023'; END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('assay/hold/' || org::text, 0)); -- no erasure meanwhile
    SELECT a.outcome, a.seq INTO STRICT appended FROM ledger.append_batch(leaf, fact, bodies, key, digest) a;
    IF appended.outcome = 'created' THEN
      INSERT INTO ledger.hold (id, org_id, scope, until, entry_seq)
        VALUES (hold_id, org, hold_scope, hold_until, appended.seq);
    END IF;
    RETURN QUERY SELECT appended.outcome, appended.seq;
  END $function$
CREATE OR REPLACE FUNCTION ledger.states(fact text, org uuid, kind text, member text[], expected text)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
    SELECT facts ->> 'orgId' = org::text AND facts ->> 'kind' = kind AND facts #>> member IS NOT DISTINCT FROM expected
    FROM (SELECT fact::jsonb #> '{predicate,urn:assay:facts:v1}' AS facts) stated
  $function$
CREATE OR REPLACE FUNCTION ledger.take_turn(keys bytea, records bigint)
 RETURNS bigint[]
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  DECLARE
    base bigint;
    fresh bigint;
  BEGIN
    SELECT c.next INTO STRICT base FROM ledger.seqcoord c WHERE c.id = 1 FOR UPDATE;
    SELECT count(DISTINCT key) INTO fresh FROM (
        SELECT substr(keys, (i - 1) * 16 + 1, 16) AS key FROM generate_series(1, records::integer) AS i OFFSET 0
      ) AS given
      WHERE (SELECT known.seq FROM ledger.idem AS known WHERE known.idem_key = given.key) IS NULL;
    IF fresh = records THEN RETURN ARRAY(SELECT generate_series(base, base + records - 1)); END IF;
    RETURN ARRAY(
      SELECT CASE WHEN is_fresh THEN base + count(*) FILTER (WHERE is_fresh) OVER (ORDER BY i) - 1 ELSE -1 END
      FROM (
        SELECT i, row_number() OVER (PARTITION BY key ORDER BY i) = 1
          AND (SELECT known.seq FROM ledger.idem AS known WHERE known.idem_key = given.key) IS NULL AS is_fresh
        FROM (
          SELECT i, substr(keys, (i - 1) * 16 + 1, 16) AS key FROM generate_series(1, records::integer) AS i OFFSET 0
        ) AS given
      ) AS judged
      ORDER BY i);
  END $function$
CREATE OR REPLACE FUNCTION ledger.write_entries(leaves text[], facts text[], bodies text[], keys bytea, digests bytea)
 RETURNS bigint[]
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  DECLARE
    numbers bigint[];
  BEGIN
    WITH ready AS MATERIALIZED (
      SELECT given.n, given.leaf, sha256('\x00'::bytea || convert_to(given.leaf, 'UTF8')) AS leaf_hash,
             substr(keys, (given.n::integer - 1) * 16 + 1, 16) AS idem_key,
             substr(digests, (given.n::integer - 1) * 32 + 1, 32) AS content_digest,
             given.fact, (stated ->> 'orgId')::uuid AS org_id, (stated ->> 'kind')::text AS kind, (stated ->> 'actor')::text AS actor, (stated ->> 'tsStart')::text AS ts_start, (stated ->> 'tsEnd')::text AS ts_end, (stated ->> 'caseId')::text AS case_id, (stated ->> 'actId')::text AS act_id, (stated ->> 'gateId')::text AS gate_id, (stated ->> 'artId')::text AS art_id, (stated ->> 'artefactDigest')::text AS artefact_digest, (stated ->> 'decisionId')::text AS decision_id, (stated ->> 'result')::text AS result, (stated ->> 'severity')::text AS severity, stated -> 'waiverIds' AS waiver_ids
      FROM unnest(leaves, facts) WITH ORDINALITY AS given(leaf, fact, n)
      CROSS JOIN LATERAL (SELECT given.fact::jsonb #> '{predicate,urn:assay:facts:v1}' OFFSET 0) AS parsed(stated)
    ), turn AS MATERIALIZED (
      SELECT ledger.take_turn(keys, count(*)) AS numbers FROM ready
    ), numbered AS NOT MATERIALIZED (
      SELECT turn.numbers[ready.n] AS seq, ready.* FROM turn CROSS JOIN ready WHERE turn.numbers[ready.n] >= 0
    ), entries AS (
      INSERT INTO ledger.entry (seq, leaf, leaf_hash, content_digest)
        SELECT seq, leaf, leaf_hash, content_digest FROM numbered
    ), known AS (
      INSERT INTO ledger.idem (idem_key, seq, content_digest)
        SELECT idem_key, seq, content_digest FROM numbered
    ), recorded AS (
      INSERT INTO ledger.fact (seq, statement, org_id, kind, actor, ts_start, ts_end, case_id, act_id, gate_id, art_id, artefact_digest, decision_id, result, severity, waiver_ids)
        SELECT seq, fact, org_id, kind, actor, ts_start, ts_end, case_id, act_id, gate_id, art_id, artefact_digest, decision_id, result, severity, waiver_ids FROM numbered
    ), listed AS (
      INSERT INTO ledger.dispatch (seq, org_id, kind) SELECT seq, org_id, kind FROM numbered
    )
    SELECT turn.numbers INTO STRICT numbers FROM turn;
    IF -1 = ALL (numbers) THEN RETURN numbers; END IF;
    IF bodies IS NOT NULL THEN
      INSERT INTO ledger.body (seq, subject, org_id, ciphertext, key_id)
        SELECT numbers[n], b.subject, (facts[n]::jsonb #>> '{predicate,urn:assay:facts:v1,orgId}')::uuid,
               decode(b.ciphertext, 'base64'), b.key_id
        FROM unnest(bodies) WITH ORDINALITY AS given(list, n)
        CROSS JOIN jsonb_to_recordset(list::jsonb) AS b(subject text, ciphertext text, key_id uuid)
        WHERE list <> '[]' AND numbers[n] >= 0;
    END IF;
    UPDATE ledger.seqcoord SET next = (SELECT max(number) + 1 FROM unnest(numbers) AS number) WHERE id = 1;
    PERFORM pg_notify('assay_ledger', '');
    RETURN numbers;
  END $function$

-- grants
GRANT EXECUTE ON FUNCTION assay.drop_untold_standing() TO assay_service
GRANT EXECUTE ON FUNCTION assay.empty_insight() TO assay_service
GRANT EXECUTE ON FUNCTION assay.narrowed_to_artefact(uuid,text) TO assay_narrowed
GRANT EXECUTE ON FUNCTION assay.narrowed_to_case(uuid,text) TO assay_narrowed
GRANT EXECUTE ON FUNCTION assay.narrowed_to_entry(bigint) TO assay_narrowed
GRANT EXECUTE ON FUNCTION assay.narrowed_to_evidence(uuid) TO assay_narrowed
GRANT EXECUTE ON FUNCTION assay.narrowed_to_fact(uuid,text,text,text,text,text) TO assay_narrowed
GRANT EXECUTE ON FUNCTION assay.narrowed_to_gate(uuid,text) TO assay_narrowed
GRANT EXECUTE ON FUNCTION assay.narrowed_to_grant(uuid,boolean) TO assay_narrowed
GRANT EXECUTE ON FUNCTION assay.narrowed_to_run(uuid) TO assay_narrowed
GRANT EXECUTE ON FUNCTION assay.narrowed_to_scan(uuid) TO assay_narrowed
GRANT EXECUTE ON FUNCTION assay.narrowed_to_source(uuid,text) TO assay_narrowed
GRANT EXECUTE ON FUNCTION assay.narrowed_to_waiver(uuid,boolean) TO assay_narrowed
GRANT EXECUTE ON FUNCTION ledger.append_batch(text,text,text,bytea,bytea) TO assay_service
GRANT EXECUTE ON FUNCTION ledger.erase_person(uuid,uuid,text,text,text,bytea,bytea) TO assay_eraser
GRANT EXECUTE ON FUNCTION ledger.holds_on(uuid,text) TO assay_service
GRANT EXECUTE ON FUNCTION ledger.lift_hold(uuid,uuid,text,text,text,bytea,bytea) TO assay_eraser
GRANT EXECUTE ON FUNCTION ledger.living_key(uuid,text,uuid,bytea) TO assay_eraser
GRANT EXECUTE ON FUNCTION ledger.living_key(uuid,text,uuid,bytea) TO assay_service
GRANT EXECUTE ON FUNCTION ledger.living_keys(uuid[],text[],uuid[],bytea[]) TO assay_service
GRANT EXECUTE ON FUNCTION ledger.set_hold(uuid,uuid,text,timestamp with time zone,text,text,text,bytea,bytea) TO assay_eraser
GRANT USAGE ON SCHEMA assay TO assay_auditor
GRANT USAGE ON SCHEMA assay TO assay_integrator
GRANT USAGE ON SCHEMA assay TO assay_service
GRANT USAGE ON SCHEMA ledger TO assay_auditor
GRANT USAGE ON SCHEMA ledger TO assay_eraser
GRANT USAGE ON SCHEMA ledger TO assay_integrator
GRANT USAGE ON SCHEMA ledger TO assay_reader
GRANT USAGE ON SCHEMA ledger TO assay_service
GRANT SELECT ON TABLE assay.acceptance_criterion TO assay_auditor
GRANT INSERT, SELECT ON TABLE assay.acceptance_criterion TO assay_service
GRANT SELECT ON TABLE assay.access_grant TO assay_auditor
GRANT INSERT, SELECT ON TABLE assay.access_grant TO assay_service
GRANT SELECT ON TABLE assay.access_grant_revocation TO assay_auditor
GRANT INSERT, SELECT ON TABLE assay.access_grant_revocation TO assay_service
GRANT SELECT ON TABLE assay.artefact TO assay_auditor
GRANT INSERT, SELECT ON TABLE assay.artefact TO assay_service
GRANT SELECT ON TABLE assay.artefact_relation TO assay_auditor
GRANT INSERT, SELECT ON TABLE assay.artefact_relation TO assay_service
GRANT SELECT ON TABLE assay.artefact_version TO assay_auditor
GRANT INSERT, SELECT ON TABLE assay.artefact_version TO assay_service
GRANT SELECT ON TABLE assay.case_route TO assay_auditor
GRANT INSERT, SELECT ON TABLE assay.case_route TO assay_service
GRANT SELECT ON TABLE assay.checklist_activation TO assay_auditor
GRANT INSERT, SELECT ON TABLE assay.checklist_activation TO assay_service
GRANT SELECT ON TABLE assay.checklist_version TO assay_auditor
GRANT INSERT, SELECT ON TABLE assay.checklist_version TO assay_service
GRANT SELECT ON TABLE assay.decision TO assay_auditor
GRANT INSERT, SELECT ON TABLE assay.decision TO assay_service
GRANT SELECT ON TABLE assay.decision_stale TO assay_auditor
GRANT INSERT, SELECT ON TABLE assay.decision_stale TO assay_service
GRANT SELECT ON TABLE assay.drift_check TO assay_auditor
GRANT INSERT, SELECT, UPDATE ON TABLE assay.drift_check TO assay_service
GRANT SELECT ON TABLE assay.evidence TO assay_auditor
GRANT INSERT, SELECT ON TABLE assay.evidence TO assay_service
GRANT SELECT ON TABLE assay.evidence_report TO assay_auditor
GRANT INSERT, SELECT ON TABLE assay.evidence_report TO assay_service
GRANT SELECT ON TABLE assay.export TO assay_auditor
GRANT INSERT, SELECT ON TABLE assay.export TO assay_service
GRANT SELECT ON TABLE assay.export_pack TO assay_auditor
GRANT INSERT, SELECT ON TABLE assay.export_pack TO assay_service
GRANT SELECT ON TABLE assay.export_run TO assay_auditor
GRANT INSERT, SELECT, UPDATE ON TABLE assay.export_run TO assay_service
GRANT SELECT ON TABLE assay.fix_task TO assay_auditor
GRANT INSERT, SELECT ON TABLE assay.fix_task TO assay_service
GRANT SELECT ON TABLE assay.gate TO assay_auditor
GRANT INSERT, SELECT, UPDATE (checklist_version), UPDATE (chk_id), UPDATE (entry_key), UPDATE (locus), UPDATE (max_run_ms), UPDATE (owner_role), UPDATE (project_id), UPDATE (terms), UPDATE (title), UPDATE (version) ON TABLE assay.gate TO assay_service
GRANT SELECT ON TABLE assay.gate_run TO assay_auditor
GRANT INSERT, SELECT, UPDATE (attempt), UPDATE (attempt_limit), UPDATE (deadline_at), UPDATE (decision_id), UPDATE (due_at), UPDATE (escalated), UPDATE (finished_at), UPDATE (next_attempt_at), UPDATE (next_escalation_at), UPDATE (reason_code), UPDATE (state), UPDATE (steps) ON TABLE assay.gate_run TO assay_service
GRANT SELECT ON TABLE assay.gate_run_step TO assay_auditor
GRANT INSERT, SELECT ON TABLE assay.gate_run_step TO assay_service
GRANT SELECT ON TABLE assay.gate_version TO assay_auditor
GRANT INSERT, SELECT ON TABLE assay.gate_version TO assay_service
GRANT SELECT ON TABLE assay.kpi_criterion TO assay_auditor
GRANT INSERT, SELECT, UPDATE ON TABLE assay.kpi_criterion TO assay_service
GRANT SELECT ON TABLE assay.kpi_fix TO assay_auditor
GRANT INSERT, SELECT, UPDATE ON TABLE assay.kpi_fix TO assay_service
GRANT SELECT ON TABLE assay.kpi_start TO assay_auditor
GRANT INSERT, SELECT, UPDATE ON TABLE assay.kpi_start TO assay_service
GRANT SELECT ON TABLE assay.kpi_unit TO assay_auditor
GRANT INSERT, SELECT, UPDATE ON TABLE assay.kpi_unit TO assay_service
GRANT SELECT ON TABLE assay.kpi_waiver TO assay_auditor
GRANT INSERT, SELECT, UPDATE ON TABLE assay.kpi_waiver TO assay_service
GRANT SELECT ON TABLE assay.migration TO assay_auditor
GRANT SELECT ON TABLE assay.migration TO assay_integrator
GRANT SELECT ON TABLE assay.migration TO assay_service
GRANT SELECT ON TABLE assay.organisation TO assay_auditor
GRANT INSERT, SELECT ON TABLE assay.organisation TO assay_service
GRANT SELECT ON TABLE assay.policy_check TO assay_auditor
GRANT INSERT, SELECT ON TABLE assay.policy_check TO assay_service
GRANT SELECT ON TABLE assay.policy_retirement TO assay_auditor
GRANT INSERT, SELECT ON TABLE assay.policy_retirement TO assay_service
GRANT SELECT ON TABLE assay.policy_review TO assay_auditor
GRANT INSERT, SELECT ON TABLE assay.policy_review TO assay_service
GRANT SELECT ON TABLE assay.policy_review_outcome TO assay_auditor
GRANT INSERT, SELECT ON TABLE assay.policy_review_outcome TO assay_service
GRANT SELECT ON TABLE assay.policy_revision TO assay_auditor
GRANT INSERT, SELECT ON TABLE assay.policy_revision TO assay_service
GRANT SELECT ON TABLE assay.policy_version TO assay_auditor
GRANT INSERT, SELECT ON TABLE assay.policy_version TO assay_service
GRANT SELECT (created_at), SELECT (entry_key), SELECT (erased_at), SELECT (kind), SELECT (org_id), SELECT (principal_id) ON TABLE assay.principal TO assay_auditor
GRANT INSERT, SELECT ON TABLE assay.principal TO assay_service
GRANT SELECT ON TABLE assay.principal_standing TO assay_auditor
GRANT INSERT, SELECT ON TABLE assay.principal_standing TO assay_service
GRANT SELECT ON TABLE assay.process_role TO assay_auditor
GRANT INSERT, SELECT ON TABLE assay.process_role TO assay_service
GRANT SELECT ON TABLE assay.process_step TO assay_auditor
GRANT INSERT, SELECT ON TABLE assay.process_step TO assay_service
GRANT SELECT ON TABLE assay.process_template TO assay_auditor
GRANT INSERT, SELECT ON TABLE assay.process_template TO assay_service
GRANT SELECT ON TABLE assay.project TO assay_auditor
GRANT INSERT, SELECT ON TABLE assay.project TO assay_service
GRANT SELECT ON TABLE assay.rate_window TO assay_auditor
GRANT INSERT, SELECT, UPDATE ON TABLE assay.rate_window TO assay_service
GRANT SELECT ON TABLE assay.scan TO assay_auditor
GRANT INSERT, SELECT ON TABLE assay.scan TO assay_service
GRANT SELECT ON TABLE assay.scan_result TO assay_auditor
GRANT INSERT, SELECT ON TABLE assay.scan_result TO assay_service
GRANT SELECT ON TABLE assay.scan_run TO assay_auditor
GRANT INSERT, SELECT, UPDATE ON TABLE assay.scan_run TO assay_service
GRANT SELECT ON TABLE assay.scan_source TO assay_auditor
GRANT INSERT, SELECT, UPDATE ON TABLE assay.scan_source TO assay_service
GRANT SELECT ON TABLE assay.standing_decision TO assay_auditor
GRANT INSERT, SELECT, UPDATE ON TABLE assay.standing_decision TO assay_service
GRANT SELECT ON TABLE assay.waiver TO assay_auditor
GRANT INSERT, SELECT ON TABLE assay.waiver TO assay_service
GRANT SELECT ON TABLE assay.waiver_approval TO assay_auditor
GRANT INSERT, SELECT ON TABLE assay.waiver_approval TO assay_service
GRANT SELECT ON TABLE assay.waiver_delegation TO assay_auditor
GRANT INSERT, SELECT ON TABLE assay.waiver_delegation TO assay_service
GRANT SELECT ON TABLE assay.waiver_delegation_withdrawal TO assay_auditor
GRANT INSERT, SELECT ON TABLE assay.waiver_delegation_withdrawal TO assay_service
GRANT SELECT ON TABLE assay.waiver_due TO assay_auditor
GRANT INSERT, SELECT, UPDATE (handled_at) ON TABLE assay.waiver_due TO assay_service
GRANT SELECT ON TABLE assay.waiver_escalation TO assay_auditor
GRANT INSERT, SELECT ON TABLE assay.waiver_escalation TO assay_service
GRANT SELECT ON TABLE assay.waiver_refusal TO assay_auditor
GRANT INSERT, SELECT ON TABLE assay.waiver_refusal TO assay_service
GRANT SELECT ON TABLE assay.waiver_revocation TO assay_auditor
GRANT INSERT, SELECT ON TABLE assay.waiver_revocation TO assay_service
GRANT SELECT ON TABLE assay.work_item TO assay_auditor
GRANT INSERT, SELECT ON TABLE assay.work_item TO assay_service
GRANT SELECT ON TABLE ledger.body TO assay_auditor
GRANT SELECT ON TABLE ledger.body TO assay_service
GRANT SELECT ON TABLE ledger.checkpoint TO assay_auditor
GRANT INSERT, SELECT, UPDATE (cosigned) ON TABLE ledger.checkpoint TO assay_integrator
GRANT SELECT ON TABLE ledger.checkpoint TO assay_reader
GRANT SELECT ON TABLE ledger.checkpoint TO assay_service
GRANT SELECT ON TABLE ledger.continuation TO assay_auditor
GRANT SELECT ON TABLE ledger.continuation TO assay_integrator
GRANT SELECT ON TABLE ledger.continuation TO assay_service
GRANT SELECT ON TABLE ledger.cursor TO assay_auditor
GRANT INSERT, SELECT, UPDATE ON TABLE ledger.cursor TO assay_service
GRANT SELECT ON TABLE ledger.dispatch TO assay_auditor
GRANT SELECT, UPDATE (dispatched_at) ON TABLE ledger.dispatch TO assay_service
GRANT SELECT ON TABLE ledger.entry TO assay_auditor
GRANT SELECT ON TABLE ledger.entry TO assay_integrator
GRANT SELECT ON TABLE ledger.entry TO assay_service
GRANT SELECT ON TABLE ledger.fact TO assay_auditor
GRANT SELECT ON TABLE ledger.fact TO assay_service
GRANT SELECT ON TABLE ledger.handled TO assay_auditor
GRANT INSERT, SELECT ON TABLE ledger.handled TO assay_service
GRANT SELECT ON TABLE ledger.hold TO assay_auditor
GRANT SELECT ON TABLE ledger.hold TO assay_service
GRANT SELECT ON TABLE ledger.idem TO assay_auditor
GRANT SELECT ON TABLE ledger.idem TO assay_service
GRANT SELECT ON TABLE ledger.intcoord TO assay_auditor
GRANT SELECT, UPDATE ON TABLE ledger.intcoord TO assay_integrator
GRANT SELECT ON TABLE ledger.intcoord TO assay_service
GRANT SELECT ON TABLE ledger.reader TO assay_auditor
GRANT SELECT ON TABLE ledger.reader_decision TO assay_reader
GRANT SELECT ON TABLE ledger.reader_entry TO assay_reader
GRANT SELECT ON TABLE ledger.seqcoord TO assay_auditor
GRANT SELECT ON TABLE ledger.seqcoord TO assay_service
GRANT SELECT ON TABLE ledger.signing TO assay_auditor
GRANT SELECT, UPDATE ON TABLE ledger.signing TO assay_integrator
GRANT SELECT ON TABLE ledger.signing TO assay_service
GRANT SELECT (created_at), SELECT (destroyed_at), SELECT (key_id), SELECT (org_id), SELECT (subject) ON TABLE ledger.subject_key TO assay_auditor
GRANT SELECT ON TABLE ledger.subject_key TO assay_service
GRANT SELECT ON TABLE ledger.tile TO assay_auditor
GRANT INSERT, SELECT ON TABLE ledger.tile TO assay_integrator
GRANT SELECT ON TABLE ledger.tile TO assay_reader
GRANT SELECT ON TABLE ledger.tile TO assay_service
GRANT SELECT ON TABLE ledger.verification TO assay_auditor
GRANT INSERT, SELECT, UPDATE ON TABLE ledger.verification TO assay_service
