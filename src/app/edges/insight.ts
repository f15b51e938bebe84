import { InsightDesk } from '../../insight/insight-desk.service.js';
import { InsightResolver } from '../../insight/insight.resolver.js';
import { supply, type Edge } from './edge.js';

export const insightEdge: Edge = {
  resolvers: [InsightResolver],
  services: (services) => [supply(InsightDesk, services.insightDesk)],
};
