import { z } from 'zod'
import { isNetwork } from '../../kit/networks.ts'

/** The proxies in front of the balancer. */
export const trustedProxiesSettings = z.array(
  z.string().refine(isNetwork, 'must be an IP address, a network such as 10.0.0.0/8, or unix'),
)
