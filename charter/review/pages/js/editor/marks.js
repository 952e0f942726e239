// What is pinned to beats beside the notes: findings, comments, other people.

import { Emitter } from "../player/emitter.js";

/** The stage reads `findings`, `comments` and `people`, which hold what is to be drawn. */
export class Marks extends Emitter {
  /** @type {any[]} */
  findings = [];
  /** @type {any[]} */
  allComments = [];
  /** @type {{name: string, tick: number}[]} */
  people = [];

  /** @param {any[]} findings @param {number} checked of which version they are */
  constructor(findings, checked) {
    super();
    this.setFindings(findings, checked);
  }

  /** @returns {{tick: number, text: string, id: number}[]} those that are open and stand somewhere */
  get comments() {
    return this.allComments.filter(({ tick, resolved }) => tick !== null && !resolved);
  }

  /** @param {any[]} findings @param {number} checked */
  setFindings(findings, checked) {
    this.findings = findings;
    this.checked = checked;
    this.emit("change");
  }

  /** @param {string} id @param {null|{reason: string, author: any, at: string}} dismissed */
  dismiss(id, dismissed) {
    this.setFindings(this.findings.map((each) => (each.id === id ? { ...each, dismissed } : each)), this.checked);
  }

  /** @param {any[]} comments */
  setComments(comments) {
    this.allComments = comments;
    this.emit("change");
  }

  /** @param {any} comment a new one, or one that is another now */
  comment(comment) {
    this.setComments([...this.allComments.filter(({ id }) => id !== comment.id), comment]);
  }

  /** @param {{name: string, tick: number}[]} people */
  setPeople(people) {
    this.people = people;
    this.emit("change");
  }
}
