import { HttpException, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { GqlContextType } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';

/** Whether what is written here will find room. A class, so that it can be injected. */
export abstract class Storage {
  abstract isLow(): Promise<boolean>;
}

/** RFC 4918 §11.5, Insufficient Storage: shown in GraphQL as `STORAGE_LOW`. */
const INSUFFICIENT_STORAGE = 507;

/**
 * Global: refuses new work – every mutation, every upload – while storage is low, before any of it begins. A
 * database that fills its disk stops for everybody, and not always cleanly; questions are still answered.
 */
@Injectable()
export class StorageGuard implements CanActivate {
  constructor(private readonly storage: Storage) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (!isWork(context) || !(await this.storage.isLow())) return true;
    throw new HttpException(
      'Storage is nearly full: nothing new is taken on until there is room again (ASSAY_MIN_FREE_DISK_BYTES).',
      INSUFFICIENT_STORAGE,
    );
  }
}

function isWork(context: ExecutionContext): boolean {
  if (context.getType<GqlContextType>() === 'graphql')
    return context.getArgByIndex<GraphQLResolveInfo>(3).parentType.name === 'Mutation';
  const { method } = context.switchToHttp().getRequest<{ method: string }>();
  return !['GET', 'HEAD', 'OPTIONS'].includes(method);
}
