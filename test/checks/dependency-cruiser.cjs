/** Who may import whom (docs/architecture.md). Anything not written here is forbidden. */
const CONTEXTS = '(scales|households|collection|rewards|stocks|transparency)';
const TECHNICAL = '(kernel|event-store|subscriptions|mqtt|platform|identity|api-client)';

/** Who may listen to whose events. */
const LISTENS_TO = {
  scales: [],
  households: [],
  collection: [],
  rewards: ['collection', 'households', 'scales'],
  stocks: ['collection'],
  transparency: [],
};

const contextRules = Object.entries(LISTENS_TO).map(([context, heard]) => ({
  name: `${context}-listens-only-to-${heard.join('-and-') || 'nobody'}`,
  severity: 'error',
  // A spec may set the scene with another context's commands.
  from: { path: `^libs/${context}/`, pathNot: '\\.spec\\.ts$' },
  to: {
    path: `^libs/${CONTEXTS}/`,
    pathNot: [`^libs/${context}/`, ...heard.map((other) => `^libs/${other}/src/events/`)],
  },
}));

module.exports = {
  forbidden: [
    ...contextRules,
    {
      name: 'kernel-imports-nothing',
      severity: 'error',
      from: { path: '^libs/kernel/src/', pathNot: '(testing|\\.spec)\\.ts$' },
      to: { pathNot: '^libs/kernel/' },
    },
    {
      name: 'deciders-and-events-are-pure',
      severity: 'error',
      from: { path: '\\.(decider|events|errors)\\.ts$' },
      to: { pathNot: ['^libs/kernel/', '\\.(decider|events|errors)\\.ts$', '/events/index\\.ts$'] },
    },
    {
      name: 'technical-libs-know-no-context',
      severity: 'error',
      from: { path: `^libs/${TECHNICAL}/` },
      to: { path: `^libs/${CONTEXTS}/` },
    },
    {
      // It is above all other libs.
      name: 'composition-is-for-apps',
      severity: 'error',
      from: { path: '^(libs|devices)/', pathNot: ['^libs/composition/'] },
      to: { path: '^libs/composition/' },
    },
    {
      name: 'technical-libs-know-no-device',
      severity: 'error',
      from: { path: `^libs/${TECHNICAL}/` },
      to: { path: '^devices/' },
    },
    {
      name: 'libs-are-entered-by-their-index',
      severity: 'error',
      from: { path: '^(apps|libs)/([^/]+)/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^libs/([^/]+)/src/', pathNot: ['^libs/$2/', '^libs/[^/]+/src/(index|events/index|testing)\\.ts$'] },
    },
    {
      name: 'nothing-imports-apps',
      severity: 'error',
      from: { pathNot: '^(apps|test)/' },
      to: { path: '^apps/' },
    },
    {
      name: 'apps-do-not-import-apps',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'web-knows-only-the-api-client',
      severity: 'error',
      from: { path: '^apps/web/' },
      to: { path: '^(libs|devices)/', pathNot: '^libs/api-client/' },
    },
    {
      // Their specs wait with `eventually`; that nothing else reaches into tests is a rule of its own.
      name: 'devices-know-only-the-protocol',
      severity: 'error',
      from: { path: '^devices/([^/]+)/' },
      to: {
        path: '^(apps|libs|test|devices)/',
        pathNot: ['^devices/($1|protocol)/', '^test/support/eventually\\.ts$'],
      },
    },
    {
      // The demo runs simulated scales in the process of apps/mizan, and the cli can start more of them.
      name: 'protocol-is-the-only-door-to-devices',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: '^apps/(mizan|cli)/' },
      to: { path: '^devices/', pathNot: '^devices/protocol/' },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-tests-in-production',
      severity: 'error',
      from: { pathNot: '(\\.spec\\.ts$|^test/|testing\\.ts$)' },
      to: { path: '(\\.spec\\.ts$|^test/|testing\\.ts$)' },
    },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true, pathNot: '/dist/' } },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      conditionNames: ['source', 'import', 'require', 'node', 'default', 'types'],
      exportsFields: ['exports'],
      extensions: ['.ts', '.tsx', '.mts', '.js', '.mjs', '.cjs', '.json', '.d.ts'],
    },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^dist/|node_modules/.*/node_modules)' },
  },
};
