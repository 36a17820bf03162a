import json
import subprocess
import sys

import pytest

from apps.support.engine.decision import Reason
from apps.support.engine.small_talk import is_farewell, is_preamble, small_talk_of, without_greeting

KNOWN = {
    Reason.GREETING: """
Hi
hello there!
Good morning
hey, how are you?
Is anybody there?
Hi, good afternoon
hey, hello everyone
Hello, hello there
good evening to all of you
how are things going?
hope you had a lovely weekend
Well hello there
How is your day going so far?
what's up
Are you doing all right?
so nice to hear from you again
just wanted to say hi
你好
您好！
早上好
在吗？
有人吗
""",
    Reason.THANKS: """
Thanks, you were very helpful
very helpful, thank you
Thanks!
ok thank you so much
Great, thanks for your help
I really do appreciate all of your help
Your patience is much appreciated, thank you ever so much
You've been a great help, I owe you one
I just wanted to thank you for letting me know
I'm so grateful for your support
That reply was really useful
good job, well done
got it
that helps a lot
thanks a million, you're very kind
Thank you for everything you did
many thanks for sorting this out
cheers, mate
ok then
no worries
no problem, thanks
thanks you are very kind
thank you, that's all I needed
thanks for all the help
👍
Thank you Anna
Thank you for the quick reply
solved, thanks
all sorted
that solved it
problem solved
It works now, thanks
that answers my question
谢谢
谢谢客服
谢谢你的耐心解答
ok谢谢
解决了
好的，问题解决了，谢谢
已经收到了，谢谢
好的，谢谢您
明白了
好吧
非常感谢
""",
    Reason.GOODBYE: """
It was really nice talking to you
I've got to go now, bye
I'll see you later
glad we could chat, take it easy
Have a wonderful rest of your day
bye
ok, thanks, bye
Have a nice day
good night
bye for today
catch you later
you too, bye
Enjoy your evening!
no thanks
No, thank you
no, thats all
nothing else
Thanks, that is all for now
nope, I'm good, thanks
没有了
没了，谢谢
不用了谢谢
再见
好的，拜拜
""",
    Reason.IDENTITY: """
are you a bot?
Are you a robot or a real human?
Hi, are you a bot?
are u real?
so are you ai
Am I talking to a real person?
am I speaking with a human or a machine?
Is this an automated reply?
is this a real person answering?
who are you?
who am I talking to?
what's your name
what can you do?
What can you help me with?
how can you help me?
你是机器人吗
你是不是机器人
是人工吗
你是谁
你叫什么名字
你能做什么
你能帮我做什么？
你有什么功能
我在跟机器人聊天吗
您是人工还是机器人
""",
}
QUESTIONS = """
Hi, where is my order?
how is my order doing
Is everything okay with my order?
I appreciate that but where is my refund
I have to go to the shop
thanks for telling me nothing
nice to see you charge me twice
great job losing my parcel
What's new?
what is going on
go
Thanks but it still does not work
good price?
thanks for nothing, it is broken
Thank you for sorting out my refund, where is the rest?
no problem with the card, but with the PIN
hope you can cancel it
你好我要退货
OK to return?
are you a real shop?
is this a real leather bag?
what can you do about my order?
who are you shipping with?
what is your name on the invoice
is this an automatic watch
what can I do
what are you waiting for
你是做什么生意的
是人工皮革吗
这是自动的吗
你是不是忘了我的订单
thanks for nothing
thanks cancel
Thanks, cancel it
Thanks, that worked but now the other one is broken
it worked before
Solved?
解决了吗
没解决
收到了，但是坏了
""".strip().splitlines()
# Ways of saying it again and again, and then something else: each must be read once.
REPEATED = (
    "thanks",
    "that's great",
    "again",
    "you",
    "for everything",
    "are you a bot",
    "or a robot",
    "你是机器人吗",
    "hello there",
    "to you all",
    "ok then",
    "bye",
    "好的",
    "so much",
    "solved",
    "it works now",
    "i really appreciate it",
    "very much",
    "so grateful to you",
    "well hello",
    "how are you doing today",
    "i have to go now",
    "nice talking to you",
    "see you later",
    "解决了",
    "问题",
)
READER = """
import json, sys
from apps.support.engine.small_talk import small_talk_of
print(json.dumps([small_talk_of(text) for text in json.load(sys.stdin)]))
"""
LEADS = (
    "Can you help me?",
    "I have a quick question",
    "Excuse me",
    "我想问一下",
    "请问",
    "My name is Mara Lind",
    "my e-mail address is [EMAIL_ADDRESS]",
    "我的电话是[PHONE_NUMBER]",
    "No, that's not what I meant",
    "不是问这个",
)


@pytest.mark.parametrize(
    ("kind", "said"), [(kind, said) for kind, lines in KNOWN.items() for said in lines.strip().splitlines()]
)
def test_small_talk_is_known_by_its_kind(kind: Reason, said: str) -> None:
    assert small_talk_of(said) is kind


@pytest.mark.parametrize("said", QUESTIONS)
def test_a_question_is_no_small_talk(said: str) -> None:
    assert small_talk_of(said) is None


@pytest.mark.parametrize("said", LEADS)
def test_a_lead_is_no_question_yet(said: str) -> None:
    assert is_preamble(said)


@pytest.mark.parametrize(
    "said",
    [
        "Can you help me with my return?",
        "My mail is broken",
        "My order 10-20394",
        "My name is 4 letters too long",
        "My name is misspelt",
    ],
)
def test_what_says_more_is_no_lead(said: str) -> None:
    assert not is_preamble(said)


@pytest.mark.parametrize(
    "text",
    [
        "Hi, can you help me, where is it",
        "hi, " * 2000 + "where is it",
        "Hello, my name is Mara Lind, my mail is [EMAIL_ADDRESS], where is it",
    ],
)
def test_greetings_before_a_question_are_left_away(text: str) -> None:
    assert without_greeting(text) == "where is it"


@pytest.mark.parametrize(
    "text", ["Thanks!", "Great, that solved it. Thanks!", "Great, thank you. Bye!", "谢谢。再见", "👍"]
)
def test_thanks_and_goodbyes_ask_for_nothing(text: str) -> None:
    assert is_farewell(text)


@pytest.mark.parametrize(
    "text", ["Hi", "Who are you?", "Thanks. It is still broken.", "Thanks! Hello?", "no"]
)
def test_what_may_ask_for_something_is_no_farewell(text: str) -> None:
    assert not is_farewell(text)


def test_what_repeats_itself_is_read_in_one_go() -> None:
    # In a process of its own: a pattern that reads a text in two ways would never come back.
    said = [f"{lead}{' '.join([way] * 60)} parcel" for way in REPEATED for lead in ("", "thanks ")]
    asked = subprocess.run(
        [sys.executable, "-c", READER], input=json.dumps(said), capture_output=True, text=True, timeout=60
    )
    assert (json.loads(asked.stdout), asked.stderr) == ([None] * len(said), "")
