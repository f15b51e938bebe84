import type { MigrationInterface } from 'typeorm';
import { CreateFoundations1795200001000 } from './1795200001000-CreateFoundations.js';
import { CreateLedger1795200002000 } from './1795200002000-CreateLedger.js';
import { CreateEvidence1795200003000 } from './1795200003000-CreateEvidence.js';
import { CreatePolicy1795200004000 } from './1795200004000-CreatePolicy.js';
import { CreateWaiver1795200005000 } from './1795200005000-CreateWaiver.js';
import { CreateGate1795200006000 } from './1795200006000-CreateGate.js';
import { CreatePolicyDrafts1795300001000 } from './1795300001000-CreatePolicyDrafts.js';
import { CreateActivations1795300002000 } from './1795300002000-CreateActivations.js';
import { SpeedUpAppend1795400001000 } from './1795400001000-SpeedUpAppend.js';
import { AddWitnesses1795400002000 } from './1795400002000-AddWitnesses.js';
import { AddErasure1795400003000 } from './1795400003000-AddErasure.js';
import { CreateExports1795400004000 } from './1795400004000-CreateExports.js';
import { ShortenAppendLock1795500001000 } from './1795500001000-ShortenAppendLock.js';
import { LetAuditorsRead1795500002000 } from './1795500002000-LetAuditorsRead.js';
import { CreateScans1795600001000 } from './1795600001000-CreateScans.js';
import { AddEvidenceParts1795600101000 } from './1795600101000-AddEvidenceParts.js';
import { CreateProcess1795700001000 } from './1795700001000-CreateProcess.js';
import { AddGateTerms1795700002000 } from './1795700002000-AddGateTerms.js';
import { ExtendGateRuns1795700002100 } from './1795700002100-ExtendGateRuns.js';
import { ExtendWaivers1795700003000 } from './1795700003000-ExtendWaivers.js';
import { AdministerAccess1795700004000 } from './1795700004000-AdministerAccess.js';
import { CountRequests1795700004100 } from './1795700004100-CountRequests.js';
import { MarkUnrecordedPolicies1795700004200 } from './1795700004200-MarkUnrecordedPolicies.js';
import { CreateInsight1795700005100 } from './1795700005100-CreateInsight.js';
import { SeparateOrganisations1795800001000 } from './1795800001000-SeparateOrganisations.js';
import { CreateDrift1795700005000 } from './1795700005000-CreateDrift.js';
import { EraseWhoeverWasAdded1795820001000 } from './1795820001000-EraseWhoeverWasAdded.js';
import { RebuildStanding1795830001000 } from './1795830001000-RebuildStanding.js';
import { IndexFactsByGate1795900001000 } from './1795900001000-IndexFactsByGate.js';
import { SeparateProjects1795930001000 } from './1795930001000-SeparateProjects.js';

/** Every migration, oldest first. Named one by one: a glob that matches nothing runs nothing and says nothing. */
export const MIGRATIONS: (new () => MigrationInterface)[] = [
  CreateFoundations1795200001000,
  CreateLedger1795200002000,
  CreateEvidence1795200003000,
  CreatePolicy1795200004000,
  CreateWaiver1795200005000,
  CreateGate1795200006000,
  CreatePolicyDrafts1795300001000,
  CreateActivations1795300002000,
  SpeedUpAppend1795400001000,
  AddWitnesses1795400002000,
  AddErasure1795400003000,
  CreateExports1795400004000,
  ShortenAppendLock1795500001000,
  LetAuditorsRead1795500002000,
  CreateScans1795600001000,
  AddEvidenceParts1795600101000,
  CreateProcess1795700001000,
  AddGateTerms1795700002000,
  ExtendGateRuns1795700002100,
  ExtendWaivers1795700003000,
  AdministerAccess1795700004000,
  CountRequests1795700004100,
  MarkUnrecordedPolicies1795700004200,
  CreateDrift1795700005000,
  CreateInsight1795700005100,
  SeparateOrganisations1795800001000,
  EraseWhoeverWasAdded1795820001000,
  RebuildStanding1795830001000,
  IndexFactsByGate1795900001000,
  SeparateProjects1795930001000,
];
