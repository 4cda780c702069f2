import {
  IconBottle,
  IconCylinder,
  IconGlassFull,
  IconLeaf,
  IconNews,
  IconRecycle,
  IconShirt,
  type TablerIcon,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type CSSProperties, useMemo } from 'react';
import { type Material } from '#api-client';
import { materialsQuery } from '../api/queries.js';
import classes from './material.module.css';
import { useLocalText } from './words.js';

/** The pictograms that a municipality can choose for its bins; a name that is not here shows the recycling loop. */
const PICTOGRAMS: Readonly<Record<string, TablerIcon>> = {
  leaf: IconLeaf,
  newspaper: IconNews,
  can: IconCylinder,
  bottle: IconBottle,
  jar: IconGlassFull,
  shirt: IconShirt,
};

type MaterialName = Pick<Material, 'material' | 'name' | 'colour' | 'pictogram'>;

const GREY = '#6b7280';

/** A function from a material's code to its name, colour and pictogram; a code that nobody listed names itself. */
export function useMaterials(): (code: string) => MaterialName {
  const { data } = useQuery(materialsQuery);
  return useMemo(() => {
    const listed = new Map(data?.map((material) => [material.material, material]));
    return (code) => listed.get(code) ?? { material: code, name: { ar: code, en: code }, colour: GREY, pictogram: '' };
  }, [data]);
}

/** A function that puts what belongs to materials into the order in which the municipality lists them. */
export function useListedOrder(): <Item>(items: readonly Item[], codeOf: (item: Item) => string) => readonly Item[] {
  const { data } = useQuery(materialsQuery);
  return useMemo(() => {
    const place = new Map(data?.map(({ material }, index) => [material, index]));
    const placeOf = (code: string): number => place.get(code) ?? place.size;
    return (items, codeOf) => [...items].sort((one, other) => placeOf(codeOf(one)) - placeOf(codeOf(other)));
  }, [data]);
}

/** The material's colour and pictogram: always beside its name, or with the name as its own label. */
export function MaterialMark({ code, size = 'normal' }: { readonly code: string; readonly size?: 'small' | 'normal' }) {
  const { colour, pictogram } = useMaterials()(code);
  const Pictogram = PICTOGRAMS[pictogram] ?? IconRecycle;
  const style = { '--bin': colour, '--on-bin': isLight(colour) ? '#1a1a1a' : '#ffffff' } as CSSProperties;
  return (
    <span className={classes.mark} data-size={size} style={style} aria-hidden="true">
      <Pictogram size={size === 'small' ? 16 : 22} stroke={1.75} />
    </span>
  );
}

/** Mark and name together. */
export function MaterialLabel({ code, size = 'small' }: { readonly code: string; readonly size?: 'small' | 'normal' }) {
  const text = useLocalText();
  const material = useMaterials()(code);
  return (
    <span className={classes.label}>
      <MaterialMark code={code} size={size} />
      <span>
        <bdi>{text(material.name)}</bdi>
      </span>
    </span>
  );
}

/** Whether dark strokes read better on this colour (WCAG relative luminance). */
function isLight(colour: string): boolean {
  const channels = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255);
  const [red = 0, green = 0, blue = 0] = channels.map((value) =>
    value <= 0.039_28 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179;
}
