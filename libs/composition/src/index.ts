export { CONTEXTS, type Contexts } from './contexts.js';
export { PortsModule } from './ports.module.js';
