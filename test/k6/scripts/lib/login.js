import http from 'k6/http';

export const BASE = 'http://shop.test';

export function login(user) {
  const res = http.post(`${BASE}/echo`, JSON.stringify({ token: user }));
  return res.json('token');
}
