import type { Provider, Type } from '@nestjs/common';
import type { Services } from '../compose/services.js';

/** What one feature puts in front of its services at the API door. */
export interface Edge {
  readonly resolvers: readonly Type[];
  readonly controllers?: readonly Type[];
  /** What the resolvers and controllers ask for in their constructors. */
  readonly services: (services: Services) => readonly Provider[];
}

/** A service that is already built, under its own class. */
export const supply = <T>(provide: abstract new (...args: never[]) => T, useValue: T): Provider => ({
  provide,
  useValue,
});
