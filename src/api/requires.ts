import { SetMetadata, type CustomDecorator } from '@nestjs/common';
import type { Permission } from '../access/permission.js';
import type { ProjectThing } from '../access/project-of.port.js';

export const PERMISSION_KEY = 'assay:permission';
export const PLACE_KEY = 'assay:place';

/**
 * Where the arguments name what lies in a project: `{ gate: 'input.gateId' }`. Of an HTTP route the query's parameters
 * are the arguments. `input.questions.*.gateId` names one in each item, `input.selectors.+.gate` one in those that have
 * it, at least one, and `input.renews?` need not be there. `anywhere`: a role in any project will do, because the answer is about the caller alone.
 */
export type Place = Readonly<Partial<Record<ProjectThing, string>>> | 'anywhere';

/**
 * The permission a root field or a route demands. What carries none is refused to everybody. Without a place only
 * roles that are held everywhere count; with one, also those in the project of everything that it names.
 */
export const Requires =
  (permission: Permission, place?: Place) =>
  (target: object, key?: string | symbol, descriptor?: PropertyDescriptor): void => {
    const apply = (decorator: CustomDecorator): void => {
      (decorator as (target: object, key?: string | symbol, descriptor?: PropertyDescriptor) => void)(
        target,
        key,
        descriptor,
      );
    };
    apply(SetMetadata(PERMISSION_KEY, permission));
    if (place) apply(SetMetadata(PLACE_KEY, place));
  };

export const PUBLIC_KEY = 'assay:public';

/** For liveness and readiness only: answers without knowing who asks. */
export const Public = () => SetMetadata(PUBLIC_KEY, true);

export const UNCOUNTED_KEY = 'assay:uncounted';

/** Does not count towards the caller's limit: many small immutable files that belong together, such as the log's tiles. */
export const Uncounted = () => SetMetadata(UNCOUNTED_KEY, true);
