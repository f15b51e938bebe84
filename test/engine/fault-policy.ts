/** Lets pass what is not known to be bad: the kind of policy that a careless host turns into a hole. */
export const POLICY = `package gate

default verdict := "pass"

verdict := "fail" if input.bad

builtin := "fail" if strings.any_prefix_match(input.fault, "x")

default lenient := "fail"

lenient := "pass" if strings.any_prefix_match(input.fault, "x")

conflict := "pass" if input.a

conflict := "fail" if input.b

object_conflict := {name: verdict | some pair in input.pairs; name := pair[0]; verdict := pair[1]}

sometimes := "pass" if input.approved

parsed := "pass" if json.unmarshal(input.text)

endless := "pass" if {
	some a in numbers.range(1, 20000)
	some b in numbers.range(1, 20000)
	a + b == input.sum
}

exponential := count([1 |
	some a in input.n
	some b in input.n
	some c in input.n
	some d in input.n
	some e in input.n
	some f in input.n
	a + b + c + d + e + f < 0
])

greedy := concat("", [s | some i in numbers.range(1, 3000000); s := $"item number {i}"])

long := numbers.range(1, input.length)

huge := 9007199254740993 if input

one_name := {1: "pass", "1": "fail"}

bytes := base64.decode(input.encoded)

kind := type_name(input)

now := [$"{time.now_ns()}" | some i in [1, 2, 3]]
`;
export const RULES = [...POLICY.matchAll(/^(?:default )?([a-z_]+) :=/gm)].map(
  ([, rule]) => `gate/${rule ?? ''}`,
);
