import { type Engine, localEngine } from '../../src/engine/engine.ts'

/** An engine with one node of drivers, and none for backends, for sessions whose trials start no processes. */
export const engineOnNodes: Engine = {
  name: 'ssh',
  starts: { backends: false, target: false },
  beds: (session) => ({
    ...localEngine.beds(session),
    isElsewhere: true,
    nodes: [{ name: 'n0', drivers: 1, cpus: 4, clockOffsetMs: 0.1, clockBoundMs: 0.2 }],
  }),
}
