import { createHash } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { type MaterialParticulars, type MunicipalityParticulars, type PointParticulars } from '#collection';
import { type DemoAccount } from '#identity';
import { type RewardScheme } from '#rewards/events';

/**
 * The village of the demo. Its places, people, weights and rates are made up: nothing of the real pilot is in it.
 */
export const MUNICIPALITY_ID = 'beitillu';

export const MUNICIPALITY: MunicipalityParticulars = {
  name: { ar: 'بيتللو', en: 'Beitillu' },
  timeZone: 'Asia/Hebron',
  currency: { code: 'ILS', decimals: 2 },
};

export const MATERIALS: readonly MaterialParticulars[] = [
  {
    material: 'organic',
    name: { ar: 'عضوي', en: 'Organic' },
    colour: '#6b4a2b',
    pictogram: 'leaf',
    wasteCode: '20 01 08',
  },
  {
    material: 'paper',
    name: { ar: 'ورق وكرتون', en: 'Paper and card' },
    colour: '#2463a6',
    pictogram: 'newspaper',
    wasteCode: '20 01 01',
  },
  { material: 'metal', name: { ar: 'معادن', en: 'Metal' }, colour: '#5f6b76', pictogram: 'can', wasteCode: '20 01 40' },
  {
    material: 'plastic',
    name: { ar: 'بلاستيك', en: 'Plastic' },
    colour: '#e8d44d',
    pictogram: 'bottle',
    wasteCode: '20 01 39',
  },
  { material: 'glass', name: { ar: 'زجاج', en: 'Glass' }, colour: '#2f7d4f', pictogram: 'jar', wasteCode: '20 01 02' },
  {
    material: 'textiles',
    name: { ar: 'أقمشة', en: 'Textiles' },
    colour: '#8a4f9e',
    pictogram: 'shirt',
    wasteCode: '20 01 11',
  },
];

const ALL = MATERIALS.map(({ material }) => material);

export const POINTS: readonly PointParticulars[] = [
  { pointId: 'village-square', name: { ar: 'ساحة القرية', en: 'Village square' }, materials: ALL },
  {
    pointId: 'girls-school',
    name: { ar: 'مدرسة البنات', en: "Girls' school" },
    materials: ['paper', 'plastic', 'metal', 'glass'],
  },
  { pointId: 'old-town', name: { ar: 'البلدة القديمة', en: 'Old town' }, materials: ALL },
  {
    pointId: 'cooperative',
    name: { ar: 'الجمعية التعاونية', en: 'Cooperative' },
    materials: ['organic', 'paper', 'plastic', 'metal'],
  },
  {
    pointId: 'spring-road',
    name: { ar: 'طريق العين', en: 'Spring road' },
    materials: ['paper', 'plastic', 'metal', 'glass', 'textiles'],
  },
];

/** Nothing simulates it: it waits for whoever tries Mizan by hand. */
export const UNSIGNED_SCALE = { scaleId: 'beitillu-diy', pointId: 'village-square' };

export const SCALE_CAPACITY_GRAMS = 60_000;
/** e = 20 g, so Min = 20 e (OIML R 76-1, class III). */
export const SCALE_INTERVAL_GRAMS = 20;
export const SCALE_MINIMUM_GRAMS = 400;
/** The demo's scales have been verified for as long as anybody will run it. */
export const SCALE_VERIFIED_UNTIL = '2036-12-31T21:59:59.000Z';

export const SCHEME_ID = 'sorted-waste';
export const SCHEME_EFFECTIVE_FROM = '2025-12-31T22:00:00.000Z';
export const SCHEME: RewardScheme = {
  title: { ar: 'نظام مكافأة الفرز', en: 'Reward for sorted waste' },
  creditsPerKilogram: { organic: '1', paper: '3', metal: '6', plastic: '4', glass: '1.5', textiles: '2' },
  earnsDespite: ['unsigned'],
  feeReductionPerCredit: '0.10',
  yearlyFee: '360.00',
  yearlyReductionMax: '108.00',
};

export interface DemoHousehold {
  readonly householdId: string;
  readonly kind: 'home' | 'shop';
  readonly persons: number;
  readonly name: string;
  readonly cards: readonly string[];
}

const HOMES = 88;
const SHOPS = 12;

/** Common in the whole region, so that they are nobody's in particular. */
const GIVEN = ['أحمد', 'محمد', 'خالد', 'سمير', 'يوسف', 'إبراهيم', 'فاطمة', 'مريم', 'ليلى', 'نادية', 'عائشة', 'هدى'];
const FAMILY = ['حداد', 'نجار', 'خياط', 'صباغ', 'عطار', 'فران', 'لحام', 'حلاق', 'بنّا', 'قصاب', 'سراج'];
const TRADES = ['بقالة', 'مخبز', 'ملحمة', 'مكتبة', 'محل خضار', 'مقهى'];

/** The household that the demo signs in as, and the card that whoever tries Mizan by hand uses. */
export const DEMO_CARD = '04A1B2C3D4E5F6';

export const HOUSEHOLDS: readonly DemoHousehold[] = [
  ...Array.from({ length: HOMES }, (_, at): DemoHousehold => ({
    ...household(at),
    kind: 'home',
    persons: 1 + ((at * 5 + 3) % 8),
    name: `${GIVEN[at % GIVEN.length] ?? ''} ${FAMILY[at % FAMILY.length] ?? ''}`,
  })),
  ...Array.from({ length: SHOPS }, (_, at): DemoHousehold => ({
    ...household(HOMES + at),
    kind: 'shop',
    persons: 0,
    name: `${TRADES[at % TRADES.length] ?? ''} ${FAMILY[(at * 3) % FAMILY.length] ?? ''}`,
  })),
];

/** Public on purpose: they exist only where the demo is on. */
export const ACCOUNTS: readonly DemoAccount[] = [
  { role: 'household', login: 'household', password: 'mizan-household', name: HOUSEHOLDS[0]?.name ?? '' },
  { role: 'operator', login: 'operator', password: 'mizan-operator', name: 'سعاد (نقطة القرية)' },
  { role: 'clerk', login: 'clerk', password: 'mizan-clerk', name: 'رنا (البلدية)' },
  { role: 'recycler', login: 'recycler', password: 'mizan-recycler', name: 'شركة التدوير' },
];

function household(at: number): Pick<DemoHousehold, 'householdId' | 'cards'> {
  const cards =
    at === 0 ? [DEMO_CARD, cardToken('0-b')] : [cardToken(`${at}-a`), ...(at % 3 === 0 ? [cardToken(`${at}-b`)] : [])];
  return { householdId: lastingId(`household ${at}`), cards };
}

/** Seven bytes, as the serial number of an ISO 14443 card is read. */
function cardToken(name: string): string {
  return `04${createHash('sha256').update(`demo card ${name}`).digest('hex').slice(0, 12).toUpperCase()}`;
}

/** The same id on each machine and at each start, so that loading the demo again changes nothing. */
function lastingId(name: string): string {
  const random = createHash('sha256').update(`demo ${name}`).digest();
  return uuidv7({ msecs: Date.parse('2026-01-01T00:00:00Z'), seq: 0, random: new Uint8Array(random) });
}
