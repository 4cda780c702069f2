import {
  createTheme,
  type CSSVariablesResolver,
  defaultVariantColorsResolver,
  type MantineColorsTuple,
  type VariantColorsResolver,
} from '@mantine/core';

/**
 * The design tokens, all of them. Components use `var(--…)` and never a colour of their own.
 *
 * Olive-teal is the frame and what can be done; paper is the ground; saffron is earnings and nothing else; red is what
 * needs a person and nothing else. The colours of materials are the municipality's and come from the api.
 * Each pair that carries text has a contrast of at least 4.5 : 1 (the browser tests measure it).
 */
const LIGHT = {
  '--ground': '#f6f0e4',
  '--surface': '#fffcf6',
  '--sunken': '#ece4d4',
  '--line': '#d8cdb8',
  '--line-strong': '#857d69',
  '--ink': '#22281f',
  '--ink-soft': '#545a4c',
  '--frame': '#1b433d',
  '--frame-raised': '#2a5a52',
  '--frame-ink': '#f6f0e4',
  '--frame-ink-soft': '#c3d3cb',
  '--action': '#1f5850',
  '--action-strong': '#16423c',
  '--action-soft': '#dfe9e0',
  '--action-ink': '#ffffff',
  '--earned': '#e2a11d',
  '--earned-soft': '#f6e3b3',
  '--earned-ink': '#7a4f00',
  '--needs': '#b0281c',
  '--needs-soft': '#f9e1db',
  '--shade': '0 1px 2px rgb(58 46 20 / 0.08), 0 6px 20px -12px rgb(58 46 20 / 0.25)',
} as const;

const DARK: Record<keyof typeof LIGHT, string> = {
  '--ground': '#111a17',
  '--surface': '#18231f',
  '--sunken': '#0c1412',
  '--line': '#2e3f39',
  '--line-strong': '#7c8c83',
  '--ink': '#eee8da',
  '--ink-soft': '#aab6ab',
  '--frame': '#0d2b26',
  '--frame-raised': '#1c463f',
  '--frame-ink': '#f1ebdd',
  '--frame-ink-soft': '#a9c2b8',
  '--action': '#86ccbc',
  '--action-strong': '#a9dfd2',
  '--action-soft': '#1d3a34',
  '--action-ink': '#0b211d',
  '--earned': '#f0b43c',
  '--earned-soft': '#43350f',
  '--earned-ink': '#f5c25a',
  '--needs': '#ff9383',
  '--needs-soft': '#43201b',
  '--shade': '0 1px 2px rgb(0 0 0 / 0.4)',
};

/** What does not change with the light: sizes of touch, corners, and the hero's type. */
const CONSTANT = {
  '--target': '2.75rem',
  '--corner': '0.625rem',
  '--gutter': 'clamp(1rem, 3vw, 2rem)',
  '--hero': 'clamp(2.75rem, 11vw, 4.25rem)',
  '--figure': '1.5rem',
  '--quick': '160ms',
  '--mark': '2.4s',
} as const;

/** Mantine reads its own names; they all lead to the tokens. */
const MANTINE = {
  '--mantine-color-body': 'var(--ground)',
  '--mantine-color-text': 'var(--ink)',
  '--mantine-color-bright': 'var(--ink)',
  '--mantine-color-dimmed': 'var(--ink-soft)',
  '--mantine-color-placeholder': 'var(--ink-soft)',
  '--mantine-color-anchor': 'var(--action)',
  '--mantine-color-error': 'var(--needs)',
  '--mantine-color-default': 'var(--surface)',
  '--mantine-color-default-hover': 'var(--sunken)',
  '--mantine-color-default-color': 'var(--ink)',
  '--mantine-color-default-border': 'var(--line-strong)',
  '--mantine-primary-color-filled': 'var(--action)',
  '--mantine-primary-color-filled-hover': 'var(--action-strong)',
  '--mantine-primary-color-contrast': 'var(--action-ink)',
  '--mantine-primary-color-light': 'var(--action-soft)',
  '--mantine-primary-color-light-hover': 'var(--sunken)',
  '--mantine-primary-color-light-color': 'var(--action)',
  '--mantine-color-olive-filled': 'var(--action)',
  '--mantine-color-olive-filled-hover': 'var(--action-strong)',
  '--mantine-color-olive-light': 'var(--action-soft)',
  '--mantine-color-olive-light-hover': 'var(--sunken)',
  '--mantine-color-olive-light-color': 'var(--action)',
  '--mantine-color-olive-outline': 'var(--action)',
} as const;

export const cssVariables: CSSVariablesResolver = () => ({
  variables: { ...CONSTANT },
  light: { ...LIGHT, ...MANTINE },
  dark: { ...DARK, ...MANTINE },
});

const OLIVE: MantineColorsTuple = [
  '#eef4f0',
  '#dfe9e0',
  '#bcd6cc',
  '#86ccbc',
  '#57a292',
  '#3a8072',
  '#2a6a5e',
  '#1f5850',
  '#1b433d',
  '#0d2b26',
];

/** Mantine draws its lines and wells in `gray` by day and `dark` by night; both are warm here. */
const GRAY: MantineColorsTuple = [
  '#f6f0e4',
  '#ece4d4',
  '#e1d7c4',
  '#d8cdb8',
  '#b9ae98',
  '#9a917c',
  '#857d69',
  '#6a6452',
  '#484536',
  '#22281f',
];

const NIGHT: MantineColorsTuple = [
  '#eee8da',
  '#c5cabd',
  '#aab6ab',
  '#7c8c83',
  '#4a5c55',
  '#2e3f39',
  '#22322d',
  '#18231f',
  '#111a17',
  '#0c1412',
];

const FAMILY = "'IBM Plex Sans', 'IBM Plex Sans Arabic', system-ui, sans-serif";

/** A filled button has the action's ink by day and by night; every other variant is Mantine's own. */
const variantColours: VariantColorsResolver = (input) => {
  const colours = defaultVariantColorsResolver(input);
  return input.variant === 'filled'
    ? { ...colours, background: 'var(--action)', hover: 'var(--action-strong)', color: 'var(--action-ink)' }
    : colours;
};

export const theme = createTheme({
  primaryColor: 'olive',
  primaryShade: { light: 7, dark: 3 },
  variantColorResolver: variantColours,
  colors: { olive: OLIVE, gray: GRAY, dark: NIGHT },
  fontFamily: FAMILY,
  headings: { fontFamily: FAMILY, fontWeight: '600' },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  focusRing: 'auto',
  components: {
    Button: { defaultProps: { size: 'md' }, styles: { root: { minHeight: 'var(--target)' } } },
    TextInput: { defaultProps: { size: 'md' } },
    PasswordInput: { defaultProps: { size: 'md' } },
    NativeSelect: { defaultProps: { size: 'md' } },
    Skeleton: { defaultProps: { radius: 'sm' } },
  },
});
