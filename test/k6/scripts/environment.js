import http from 'k6/http';
import { sleep } from 'k6';

const BASE = __ENV.BASE_URL || 'http://shop.test';

export const options = { vus: __ENV.VUS ? Number(__ENV.VUS) : 3, duration: '5s' };

export default function () {
  http.get(`${BASE}/vu/${__VU}/iteration/${__ITER}`);
  sleep(Math.random() * 2);
}
