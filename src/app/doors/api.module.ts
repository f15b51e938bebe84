import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import { GraphQLModule } from '@nestjs/graphql';
import type { MercuriusDriverConfig } from '@nestjs/mercurius';
import { AccessGuard } from '../../api/access.guard.js';
import { NarrowingInterceptor } from '../../api/narrow.js';
import { BusyFilter } from '../../api/busy.js';
import { OutOfSpaceInterceptor, Storage, StorageGuard } from '../../api/storage.guard.js';
import { ChangeListener } from './change-listener.io.js';
import { FreeDisk } from '../platform/free-disk.io.js';
import { SubscriptionGuard } from '../../api/subscription.guard.js';
import { Changes } from '../../api/watch.js';
import { SCALARS } from '../../api/scalars.js';
import { PublicTileController, TileController } from '../../ledger/tile.controller.js';
import type { Platform } from '../platform/platform.js';
import type { Services } from '../compose/services.js';
import { EDGES } from '../edges/edges.js';
import { graphQlOptions, type AtTheDoor } from './graphql-options.io.js';

/** The API door: edges in front of services that are already built. */
@Module({})
export class ApiModule {
  static register(
    platform: Platform,
    services: Services,
    door: AtTheDoor,
    controllers: Type[] = [],
  ): DynamicModule {
    const { config } = platform;
    return {
      module: ApiModule,
      imports: [GraphQLModule.forRoot<MercuriusDriverConfig>(graphQlOptions(platform, services, door))],
      controllers: [
        ...EDGES.flatMap((edge) => edge.controllers ?? []),
        config.logPublic === true ? PublicTileController : TileController,
        ...controllers,
      ],
      providers: [
        ...EDGES.flatMap((edge) => [...edge.resolvers, ...edge.services(services)]),
        ...SCALARS,
        { provide: APP_GUARD, useClass: AccessGuard },
        { provide: APP_GUARD, useClass: SubscriptionGuard },
        { provide: Changes, useValue: new ChangeListener(platform.databaseUrl, platform.logger) },
        { provide: Storage, useValue: new FreeDisk(config.dataDir, config.minFreeDiskBytes) },
        { provide: APP_GUARD, useClass: StorageGuard },
        { provide: APP_INTERCEPTOR, useClass: NarrowingInterceptor },
        { provide: APP_INTERCEPTOR, useClass: OutOfSpaceInterceptor },
        { provide: APP_FILTER, useClass: BusyFilter },
      ],
    };
  }
}
