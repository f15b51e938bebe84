import { ScanDesk } from '../../scan/scan-desk.service.js';
import { ScanResolver } from '../../scan/scan.resolver.js';
import { ScanService } from '../../scan/scan.service.js';
import { SourceController } from '../../scan/source.controller.js';
import { SourceService } from '../../scan/source.service.js';
import { supply, type Edge } from './edge.js';

export const scanEdge: Edge = {
  resolvers: [ScanResolver],
  controllers: [SourceController],
  services: (services) => [
    supply(SourceService, services.sources),
    supply(ScanService, services.scans),
    supply(ScanDesk, services.scanDesk),
  ],
};
