/** What a person is to the session. A session has two people or more. */
export type Role = "adult" | "infant" | "child";

/** A participant, by code only: never a name, a birth date or anything else that identifies. */
export interface Person {
  /** Participant code within the session, such as `adult`, `infant`, `infant-2`. */
  readonly id: string;
  readonly role: Role;
}
