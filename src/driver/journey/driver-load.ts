import type { LoadPlan } from '../../plan/load/load-plan.ts'
import type { Transport } from '../../plan/transport.ts'

/** The part of one driver in a load test. It crosses the channel to its process. */
export interface DriverLoad {
  readonly plan: LoadPlan
  /** The target. */
  readonly url: string
  /** How its connections are made. */
  readonly transport?: Transport | undefined
  /** Seconds after which a request has failed. */
  readonly timeout: number
  /** Connections that this driver uses in turn. */
  readonly connections: number
  /** Requests in flight of this driver beyond which no visit begins. */
  readonly maxInFlight: number
  readonly seed: number
  /** Requests to a server of its own that the driver sends before it is ready: src/driver/journey/warm-code.ts. */
  readonly warmUp?: number | undefined
  /** Its place in the fleet, from 0. */
  readonly driver: number
  readonly drivers: number
}
