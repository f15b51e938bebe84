import { SetMetadata } from '@nestjs/common';
import type { Permission } from '../access/permission.js';

export const PERMISSION_KEY = 'assay:permission';

/** The permission a root field or a route demands. What carries none is refused to everybody. */
export const Requires = (permission: Permission) => SetMetadata(PERMISSION_KEY, permission);

export const PUBLIC_KEY = 'assay:public';

/** For liveness and readiness only: answers without knowing who asks. */
export const Public = () => SetMetadata(PUBLIC_KEY, true);
