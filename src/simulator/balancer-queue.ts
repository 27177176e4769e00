import type { Random } from '../kit/random.ts'
import { EventQueue } from './event-queue.ts'
import type { BalancerServers } from './options.ts'
import { type ServiceDraw, serviceDraw } from './service-draw.ts'

/** The balancer's own work: each request passes it before its backend is picked, first come first served. */
export class BalancerQueue {
  readonly #draw: ServiceDraw
  readonly #random: Random
  /** Times at which its servers are free; undefined: none is ever busy, and its work is a delay. */
  readonly #free: EventQueue | undefined

  constructor({ servers, service }: BalancerServers, random: Random) {
    this.#draw = serviceDraw(service)
    this.#random = random
    this.#free = servers === 0 ? undefined : new EventQueue()
    for (let server = 0; server < servers; server++) this.#free?.add(0, server)
  }

  /** Time at which a request that arrives at `now` has passed. */
  passesAt(now: number): number {
    const seconds = this.#draw(this.#random(), this.#random())
    const free = this.#free
    if (free === undefined) return now + seconds
    const passes = Math.max(now, free.next) + seconds
    free.add(passes, free.take())
    return passes
  }
}
