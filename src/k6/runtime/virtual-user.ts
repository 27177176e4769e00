import type { JourneyClient } from '../../driver/journey/client.ts'
import type { Random } from '../../kit/random.ts'
import type { CookieJar } from './cookie-jar.ts'
import type { ResponseCallback } from './response-callback.ts'

/** The state of one virtual user, which has the modules of the script to itself, as in k6. */
export interface VirtualUser {
  /** From 1; 0 while the script is loaded. */
  id: number
  /** Iterations that it began before, from 0. */
  iteration: number
  /** The client of its iteration; undefined outside one. */
  client: JourneyClient | undefined
  /** Set by `randomSeed`; without it, the numbers of the client. */
  seeded: Random | undefined
  jar: CookieJar
  /** Set by `http.setResponseCallback`; undefined: k6's default. */
  responseCallback: ResponseCallback | undefined
  /** `__ENV`: of the script, and of its scenario. */
  readonly env: Record<string, string>
  /** Name of the scenario of its iteration. */
  scenario: string
  /** Iterations of its scenario that began before its own: of all users. */
  scenarioIteration: number
  /** Names of the groups around what runs now, outermost first. */
  readonly groups: string[]
  /** Tags that the script sets for all that follows. */
  readonly tags: Record<string, string>
}

/** A call of k6 outside an iteration, where nothing may be sent. */
export function clientOf(user: VirtualUser, call: string): JourneyClient {
  if (user.client === undefined)
    throw new Error(`${call} is called while the script is loaded: call it in the default function`)
  return user.client
}
