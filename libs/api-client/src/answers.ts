import { type paths } from './schema.js';

/**
 * The answers of the API by the names that pages use. They are taken from the addresses, which are the contract, and
 * not from the generated component names, which are class names of the server.
 */
type Json<Answer> = Answer extends { content: { 'application/json': infer Body } } ? Body : never;
type Answer<Path extends keyof paths> = paths[Path] extends { get: { responses: { 200: infer Ok } } }
  ? Json<Ok>
  : never;
type Item<List> = List extends { items: readonly (infer One)[] } ? One : never;

export type Session = Answer<'/api/v1/session'>;
export type Account = Session['account'];
export type Role = Account['role'];
export type Municipality = Session['municipality'];
export type LocalText = Municipality['name'];
export type Demo = Answer<'/api/v1/demo'>;
export type DemoAccount = Demo['accounts'][number];

export type Material = Item<Answer<'/api/v1/materials'>>;
export type Points = Answer<'/api/v1/points'>;
export type Point = Item<Points>;
export type Weighing = Item<Answer<'/api/v1/weighings'>>;
/** What a `weighing` event of the live stream carries, too. */
export type LiveWeighing = Item<Answer<'/api/v1/weighings/recent'>>;

export type HouseholdListItem = Item<Answer<'/api/v1/households'>>;
export type Balance = Answer<'/api/v1/households/{householdId}/balance'>;
export type HouseholdWeighing = Item<Answer<'/api/v1/households/{householdId}/weighings'>>;
export type Growth = Answer<'/api/v1/households/{householdId}/growth'>;
export type Scheme = Answer<'/api/v1/scheme'>;

export type Stocks = Answer<'/api/v1/stocks'>;
export type Stock = Item<Stocks>;
export type StockGrowth = Answer<'/api/v1/stocks/growth'>;

export type ScaleState = Item<Answer<'/api/v1/scales'>>;
export type QuarantinedReport = Item<Answer<'/api/v1/quarantine'>>;
