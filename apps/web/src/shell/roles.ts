import {
  IconBook,
  IconBuildingWarehouse,
  IconClipboard,
  IconCoin,
  IconMapPin,
  type TablerIcon,
} from '@tabler/icons-react';
import { type Role } from '#api-client';
import { type MessageId } from '../messages/catalogue.js';

/** The pages of the application, by address. */
export type PagePath = '/household' | '/points' | '/stocks' | '/municipality' | '/scheme';

interface Page {
  readonly to: PagePath;
  readonly label: MessageId;
  readonly icon: TablerIcon;
  /** Who may open it. The api decides by itself; this only spares people doors that stay shut. */
  readonly allow: readonly Role[];
}

const PAGES: readonly Page[] = [
  { to: '/household', label: 'nav.household', icon: IconCoin, allow: ['household'] },
  { to: '/municipality', label: 'nav.municipality', icon: IconClipboard, allow: ['clerk', 'operator'] },
  { to: '/points', label: 'nav.points', icon: IconMapPin, allow: ['household', 'operator', 'clerk', 'recycler'] },
  { to: '/stocks', label: 'nav.stocks', icon: IconBuildingWarehouse, allow: ['operator', 'clerk', 'recycler'] },
  { to: '/scheme', label: 'nav.scheme', icon: IconBook, allow: ['household', 'operator', 'clerk', 'recycler'] },
];

/** Where each role lands: the page that answers its first question. */
const HOMES: Readonly<Record<Role, PagePath>> = {
  household: '/household',
  operator: '/points',
  clerk: '/municipality',
  recycler: '/stocks',
};

/** What each role is called. */
export const ROLE_NAMES: Readonly<Record<Role, MessageId>> = {
  household: 'role.household',
  operator: 'role.operator',
  clerk: 'role.clerk',
  recycler: 'role.recycler',
};

export function homeOf(role: Role): PagePath {
  return HOMES[role];
}

/** The role's pages, its first one first. */
export function pagesOf(role: Role): readonly Page[] {
  const pages = PAGES.filter(({ allow }) => allow.includes(role));
  const home = homeOf(role);
  return [...pages.filter(({ to }) => to === home), ...pages.filter(({ to }) => to !== home)];
}

export function allowedAt(path: PagePath): readonly Role[] {
  return PAGES.find(({ to }) => to === path)?.allow ?? [];
}
