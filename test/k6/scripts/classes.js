import http from 'k6/http';
import { check, sleep } from 'k6';

class Api {
  constructor(base) {
    this.base = base;
  }
  fetch(path) {
    return http.get(this.base + path);
  }
  static create() {
    return new Api('http://shop.test');
  }
}

class Shop extends Api {
  items() {
    const res = super.fetch('/items');
    sleep(0.2);
    return res.json().items;
  }
}

const shop = new Shop('http://shop.test');

export default function () {
  const items = shop.items();
  check(items, { 'two items': (all) => all.length === 2 });
  Api.create().fetch('/');
}
