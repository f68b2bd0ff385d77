import {
  MappingType,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  type ValueMapping,
} from '@grafana/grafana-foundation-sdk/dashboard';

/** Grafana's names of the colours that say how it stands; both themes have them. */
export const COLOURS = {
  good: 'green',
  notice: 'blue',
  warning: 'orange',
  bad: 'red',
  unknown: 'purple',
} as const;

export type Colour = (typeof COLOURS)[keyof typeof COLOURS];

/** What stands for a control that could not be read, where 0 and above are values of it. */
export const UNVERIFIED = -1;

/** A colour from each value on; the first has no lower end. */
export function steps(
  first: Colour,
  ...others: readonly (readonly [from: number, colour: Colour])[]
): ThresholdsConfigBuilder {
  return new ThresholdsConfigBuilder()
    .mode(ThresholdsMode.Absolute)
    .steps([{ value: null, color: first }, ...others.map(([value, color]) => ({ value, color }))]);
}

/** Good while there is none. */
export function noneIsGood(colour: Colour = COLOURS.bad): ThresholdsConfigBuilder {
  return steps(COLOURS.good, [1, colour]);
}

/** Words and colours instead of numbers. */
export function words(
  byValue: Readonly<Record<string, readonly [text: string, colour: Colour]>>,
): ValueMapping[] {
  const options = Object.fromEntries(
    Object.entries(byValue).map(([value, [text, color]], index) => [value, { text, color, index }]),
  );
  return [{ type: MappingType.ValueToText, options }];
}

/** What stands beside the values of any control. */
export const UNREAD = { [UNVERIFIED]: ['unverified', COLOURS.unknown] } as const;

/** 1 is bad, 0 is good, and what could not be read is neither. */
export function badIf(yes: string, no: string): ValueMapping[] {
  return words({ 1: [yes, COLOURS.bad], 0: [no, COLOURS.good], ...UNREAD });
}

/** 1 is good, 0 is bad, and what could not be read is neither. */
export function goodIf(yes: string, no: string, colour: Colour = COLOURS.bad): ValueMapping[] {
  return words({ 1: [yes, COLOURS.good], 0: [no, colour], ...UNREAD });
}

/** A number where there is one, `none` for zero, and what could not be read. */
export function noneOr(colour: Colour = COLOURS.bad): ValueMapping[] {
  return [
    ...words({ 0: ['none', COLOURS.good], ...UNREAD }),
    { type: MappingType.RangeToText, options: { from: 1, to: null, result: { color: colour, index: 2 } } },
  ];
}
