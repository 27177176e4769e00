import type { Answer, Host } from '../../result/document.ts'
import { type ClaimOptions, claimOf } from '../findings/claim.ts'
import { finerRun } from './finer-run.ts'
import { hostLack } from './host-lack.ts'

/** What a run found, what a finer one would take, and what the host lacks for that. */
export function answerOf({
  host,
  ...run
}: ClaimOptions & { readonly host: Pick<Host, 'cpusAvailable'> }): Answer {
  const { plan, measured } = run
  const [claim, finer, lack] = [claimOf(run), finerRun(plan, measured), hostLack(host, measured)]
  return { ...(claim && { claim }), ...(finer && { finer }), ...(lack && { lack }) }
}
