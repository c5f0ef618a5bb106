// A trouble of the route as a line of the report: in the words of the application's notices.

import { reasonFor, type TroubleKind, troubles } from '../../deliver/trouble.ts';
import { cleanWords } from '../../deliver/words.ts';
import type { RouteExamination } from './examination.ts';
import { type Check, type Finding, wrong } from './finding.ts';
import { troublePaste } from './trouble-paste.ts';

export function troubleFinding(
  check: Check,
  kind: TroubleKind,
  words: string,
  examination: RouteExamination,
): Finding {
  const { names, secrets } = examination;
  const { code, fix, what } = troubles[kind];
  const said = cleanWords(words, secrets);
  const why = reasonFor(kind, said);
  // Its own record is in no spool, and in nobody's ledger.
  const happened = what.replace(/; [^;]*counted as dropped$/, '');
  const message = `${names.origin} ${happened}${why === '' ? '' : ` (${why})`}.`;
  const paste = troublePaste(kind, said, examination);
  return wrong(check, { code, message, fix: fix(names, said), ...(paste.length > 0 && { paste }) });
}
