import { type CSSProperties } from 'react';
import { type Balance } from '#api-client';
import { roughCredits, shareOf } from '../shell/amounts.js';
import { MaterialMark, useMaterials } from '../shell/material.js';
import { Credits, Kilograms } from '../shell/quantities.js';
import { useLocalText, Words } from '../shell/words.js';
import classes from './by-material.module.css';

/** What each material weighed and earned, the most earning first. */
export function ByMaterial({ items }: { readonly items: Balance['byMaterial'] }) {
  const text = useLocalText();
  const material = useMaterials();
  const sorted = [...items].sort((one, other) => Number(BigInt(other.microCredits) - BigInt(one.microCredits)));
  const most = BigInt(sorted[0]?.microCredits ?? '0');
  return (
    <>
      <h2 className={classes.title}>
        <Words id="by-material.title" />
      </h2>
      {sorted.length === 0 ? (
        <p className={classes.none}>
          <Words id="by-material.none" />
        </p>
      ) : (
        <ul className={classes.list}>
          {sorted.map((item) => (
            <li key={item.material}>
              <MaterialMark code={item.material} />
              <span className={classes.name}>
                <strong>
                  <bdi>{text(material(item.material).name)}</bdi>
                </strong>
                <Kilograms grams={item.netGrams} />
              </span>
              <span className={classes.credits}>
                <strong>
                  <Credits micro={item.microCredits} />
                </strong>
                <span>
                  <Words id="unit.credits" values={{ count: roughCredits(item.microCredits) }} />
                </span>
              </span>
              <span
                className={classes.share}
                aria-hidden="true"
                style={{ '--share': shareOf(BigInt(item.microCredits), most) } as CSSProperties}
              />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
