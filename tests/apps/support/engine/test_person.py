import pytest

from apps.support.engine.person import wants_person

ASKED = """
A person, please.
Human please. Where is my order 48213?
real person please, order 48213 is late
Where is my order 48213? I need a human
人工，订单48213到哪了
I want to talk to a human
agent
Can I speak to someone?
give me a real person
Please connect me with an advisor
how do I contact an agent
Could an adviser help me with this form?
let me talk to customer service
I need a manager
live chat
put me through
can someone call me back
is there a human here?
No more bots!
Human!!
representative please
I'd like to speak with somebody about my refund
could I please chat to a member of staff
transfer me to your support team
i need to speak to an actual human being
I'm tired of chatbots
hey, an agent please
I don't want to chat with a machine
I do not wish for a robot, I do not want to talk to a bot
how can I get hold of somebody?
Could a colleague take over?
hand this over to a human
is there a real person I could write to
let me speak with an employee
get me somebody on the phone
转人工
我要找真人客服
人工
请帮我转接人工服务
我不想和机器人说话
能找你们经理吗
有没有人工客服
I don't know, just get me a human
I don't want to wait, call me back
I don't want it, get me a person
别让机器人回我，我要人工
""".strip().splitlines()
NOT_ASKED = """
I am a human, not a number
Hello agent, where is my order?
The person, who delivered it, was rude
Your manager, whoever that is, promised it
The person who delivered it was rude
Can someone help me change my address?
How do I contact the person who sold it to me?
you have put me through enough
Put me on the waiting list
I spoke to an agent yesterday and nothing happened
Which address do I need to send it to?
I want to return the humanoid robot toy
Where is my order?
Can I get a refund?
Is there anyone under 18 allowed to buy it?
I need a new charger
Do you have a robot vacuum?
Can somebody else collect my parcel?
I don't want to talk to anyone
Can a friend take over my contract?
how do I reach the shop
Who has to be on the line when I activate it?
hand over the parcel to my neighbour
an employee of yours was rude
不用转人工，我只想问运费
人工智能音箱有货吗
我要退货
订单什么时候到
I don't need a human, just tell me where my order is
please don't call me
No agent please, just answer
I don't want to be transferred to an agent
no need for a person, I only want the price
Could the courier call me on arrival
I don't want a machine, I want to return it
不用人工
先不转人工
没有必要找客服
不要打电话给我
需要人工安装吗
要人工费吗
需要人工审核多久
我不要机器人了，要退货
快递员打电话给我了
""".strip().splitlines()


@pytest.mark.parametrize("said", ASKED)
def test_a_person_is_asked_for(said: str) -> None:
    assert wants_person(said)


@pytest.mark.parametrize("said", NOT_ASKED)
def test_no_person_is_asked_for(said: str) -> None:
    assert not wants_person(said)
