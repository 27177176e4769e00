/** What checks have found of a backend. */
export interface Finding {
  readonly up: boolean
  /** Checks in a row that said otherwise. */
  readonly against: number
}

/** How many checks in a row change what is believed. */
export interface RiseFall {
  readonly rise: number
  readonly fall: number
}

/** Believed to be up until its first check says otherwise: a balancer that starts must not wait. */
export function presumedUp({ fall }: RiseFall): Finding {
  return { up: true, against: fall - 1 }
}

/** Believed to be down until its first check passes: a backend that joins has no traffic to lose. */
export function presumedDown({ rise }: RiseFall): Finding {
  return { up: false, against: rise - 1 }
}

/** What is believed after one more check. */
export function after(
  { up, against }: Finding,
  passed: boolean,
  { rise, fall }: RiseFall,
): Finding {
  if (passed === up) return { up, against: 0 }
  const needed = up ? fall : rise
  return against + 1 >= needed ? { up: passed, against: 0 } : { up, against: against + 1 }
}
