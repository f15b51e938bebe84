import {
  HttpException,
  Injectable,
  type CallHandler,
  type CanActivate,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import type { GqlContextType } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { catchError, type Observable } from 'rxjs';

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

/** PostgreSQL's disk_full, and what a file system says of itself or of a quota. */
const OUT_OF_SPACE = new Set(['53100', 'ENOSPC', 'EDQUOT']);

/**
 * Global: what failed for want of space all the same – another volume is full, or space went faster than it is
 * measured – is said to be that, and not an internal error.
 */
@Injectable()
export class OutOfSpaceInterceptor implements NestInterceptor {
  intercept(_: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(
      catchError((error: unknown) => {
        if (!isOutOfSpace(error)) throw error;
        throw new HttpException(
          'Storage is full: what was asked is not recorded. Send it again, with the same idempotency key, when there is room.',
          INSUFFICIENT_STORAGE,
          { cause: error },
        );
      }),
    );
  }
}

interface Coded {
  readonly code?: unknown;
  readonly cause?: Coded;
}

/** The code is on the error itself (TypeORM copies the driver's), or on what caused it. */
function isOutOfSpace(error: unknown): boolean {
  for (let each = error as Coded | undefined; each; each = each.cause)
    if (typeof each.code === 'string' && OUT_OF_SPACE.has(each.code)) return true;
  return false;
}
