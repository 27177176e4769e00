import http from 'k6/http';
import { check } from 'k6';
import { BASE } from './login.js';

export const front = () => http.get(BASE);

export function list(token) {
  const res = http.get(`${BASE}/items`, { headers: { Authorization: `Bearer ${token}` } });
  check(res, { 'list is 200': (r) => r.status === 200 });
}
