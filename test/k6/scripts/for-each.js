import http from 'k6/http';
import { check } from 'k6';

const pages = ['/', '/items', '/about'];

export default function () {
  pages.forEach((page, at) => {
    const res = http.get('http://shop.test' + page);
    check(res, { [`page ${at} is 200`]: (r) => r.status === 200 });
  });
}
