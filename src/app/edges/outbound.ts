import { ExportDesk } from '../../outbound/export/export-desk.service.js';
import { ExportController } from '../../outbound/export/export.controller.js';
import { ExportResolver } from '../../outbound/export/export.resolver.js';
import { ExportService } from '../../outbound/export/export.service.js';
import { supply, type Edge } from './edge.js';

export const outboundEdge: Edge = {
  resolvers: [ExportResolver],
  controllers: [ExportController],
  services: (services) => [supply(ExportService, services.exports), supply(ExportDesk, services.exportDesk)],
};
