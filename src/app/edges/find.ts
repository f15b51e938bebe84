import { Finder } from '../../api/find.port.js';
import { FindResolver } from '../../api/find.resolver.js';
import { supply, type Edge } from './edge.js';

export const findEdge: Edge = {
  resolvers: [FindResolver],
  services: (services) => [supply(Finder, services.finder)],
};
