import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { UsageError } from '../../kit/errors.ts'
import { modulePath } from '../../kit/module-path.ts'
import type { BalancerSettings } from './config.ts'

/** What the thread says of a configuration. */
export type Checked =
  | { readonly settings: BalancerSettings }
  | { readonly refused: { readonly message: string; readonly hint: string } }

/**
 * Checks a configuration in a thread that is gone afterwards, and with it what checking takes of memory, for a moment's
 * work: docs/decisions/0007-data-path.md.
 *
 * @throws UsageError that names the field
 */
export async function checkInThread(config: unknown): Promise<BalancerSettings> {
  const thread = new Worker(modulePath('./config-thread', import.meta.url), { workerData: config })
  const [said] = (await once(thread, 'message')) as [Checked]
  await thread.terminate()
  if ('refused' in said) throw new UsageError(said.refused.message, said.refused.hint)
  return said.settings
}
