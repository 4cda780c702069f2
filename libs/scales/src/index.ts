export { scalesAggregates } from './aggregates.js';
export { scalesEventTypes } from './event-types.js';
export { scalesReadModelMigrations } from './migrations/index.js';
export { CollectionPoints } from './register-scale/collection-points.js';
export { RegisterScaleCommand, type ScaleParticulars } from './register-scale/register-scale.command.js';
export { RegisterScaleHandler } from './register-scale/register-scale.handler.js';
export { ScaleSequences, type ScaleSequence, type SequenceRange } from './scale-list/scale-sequences.js';
export { ScaleRegisterReader, type RegisteredScale } from './scale-register/scale-register.reader.js';
export { ScalesApiModule, scalesProjections } from './scales.module.js';
