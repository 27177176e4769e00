import type { Engine } from '../../src/engine/engine.ts'
import { openSession, type Session } from '../../src/experiment/run/session.ts'

/** A session whose trials are computed by `runTrial`: no process is started. */
export function openTestSession(
  runTrial: Session['runTrial'],
  signal = new AbortController().signal,
  engine?: Engine,
): Promise<Session> {
  return openSession({ signal, runTrial, engine })
}
