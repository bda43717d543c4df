import { type MatchExtension, matchOption } from '../extension.ts';
import { freeText } from '../values.ts';

export const comment: MatchExtension = {
  name: 'comment',
  options: [
    matchOption<string>({
      name: '--comment',
      negatable: false,
      value: freeText,
      field: 'comment',
      test: () => () => ({ holds: true, found: null }),
    }),
  ],
};
