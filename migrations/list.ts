import type { MigrationInterface } from 'typeorm';
import { CreateFoundations1795200001000 } from './1795200001000-CreateFoundations.js';

/** Every migration, oldest first. Named one by one: a glob that matches nothing runs nothing and says nothing. */
export const MIGRATIONS: (new () => MigrationInterface)[] = [CreateFoundations1795200001000];
